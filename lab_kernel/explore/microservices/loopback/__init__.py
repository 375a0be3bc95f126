"""The explorables of the chapter on real services, in the order of its page.

slow       a dependency that is slow for a while: simulated, and measured
backlog    what piles up meanwhile, and how long it takes to go
"""
