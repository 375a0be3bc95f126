"""The graded problems of the chapter on autoscaling, in the order of its page.

rule       how many replicas the rule asks for
unready    the same, with pods that are starting or have no metric
policy     how fast it may grow
window     how far it may shrink
nodes      how many nodes are ordered
"""
