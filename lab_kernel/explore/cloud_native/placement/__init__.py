"""The explorables of the chapter on placement, in the order of its page.

board        pods come one by one: by a policy, or by hand
zones        evenly over zones, or Pending
neighbour    two containers on one node, with and without requests and limits
fleet        a large fleet: what two policies leave free, and what it costs
inputs       what their controls read; wording: what their sentences share
"""
