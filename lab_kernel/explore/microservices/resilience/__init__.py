"""The explorables of the chapter on resilience, in the order of its page.

layers      retries in several layers: how often the lowest is called
jitter      clients that fail together, and what spreads them
charged     sales that are charged twice, and idempotency keys
storm       a short trouble that retries make last, and its cures
recorded    the same on a real server
breaker     a circuit breaker's states while a service fails
bulkhead    a dependency that hangs, and the pages that do not need it
wording     what their sentences and pictures share
"""
