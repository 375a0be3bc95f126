"""The explorables of the chapter on queues, in the order of its page.

knee      the wait by utilization, by formula and simulated
run       one queue over time, and Little's law
room      a queue that is full turns away
sizing    how many servers for a load, and with one of them gone
wording   what their sentences share
"""
