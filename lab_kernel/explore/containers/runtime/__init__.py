"""The explorables of the chapter on the container runtime, in the order of its page.

steps        from a process to a container, simulated and recorded
lifecycle    create, start, kill, delete, and what is allowed when
walls        what root in a container can do, wall by wall
neighbours   two containers, or two virtual machines
wording      what their sentences share
"""
