"""The explorables of the chapter on control groups, in the order of its page.

shares        weights among active siblings, in a tree
throttle      a burst under a quota, period by period
appetite      memory.high against memory.max
neighbour     a server beside batch jobs, with and without groups
recorded      the same on a real Linux
kubernetes    what requests and limits become
"""
