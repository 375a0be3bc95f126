"""The explorables of the chapter on planning for failure, in the order of its page.

experiment    a fault on the shop, second by second, and the brake
response      an incident by phases, by hand and as code
forecast      what a forecast scores in the mean
"""
