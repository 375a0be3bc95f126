"""The explorables of the chapter on autoscaling, in the order of its page.

rule        the rule as a calculator: what one metric asks for
loop        load against replicas, with all the delays
recorded    what a real server of limited workers showed under a growing load
nodes       Pending pods bring nodes, and idle nodes go
wording     what their sentences share
"""
