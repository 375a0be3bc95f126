"""The explorables of the chapter on load balancing, in the order of its page.

policies   five ways to choose a server: the tail, and how full the servers are
herd       what old news does to a balancer that follows it
fanout     one request that waits for many answers
copies     a second copy of a request, and what it costs
real       a real nginx before four servers, beside the simulation
wording    what their sentences share
"""
