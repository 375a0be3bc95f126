"""The explorables of the chapter on reconciliation, in the order of its page.

loop        desired, observed, act: with a fault when you like
levels      what a lost notice does to two kinds of controller
node        three replicas and a node that dies
partition   a node that is cut off: what the store says, and what runs
wording     what their sentences share
"""
