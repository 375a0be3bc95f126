"""Resilience: the parts first, and then what becomes of them on the cluster.

In reading order:

    backoff         how long to wait before trying again
    retry_budget    how many retries all calls together may cost
    breaker         a circuit breaker
    bulkhead        so many calls at a time
    guard           one policy made of these
    deadline        a deadline that travels with the call
    shedding        work that is not begun
    payments        a sale that is charged twice, and idempotency keys
    amplification   layers that each try again
    contention      clients that come together, and what spreads them
    metastable      a short trouble that retries make last
    breaking, hang, sales   a breaker, a bulkhead and keys at work
"""
