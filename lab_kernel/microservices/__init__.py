"""Microservices: programs on the cluster that call each other, and what that costs.

In reading order:

    system          the front door: services on a simulated cluster, a load, and what goes wrong
    service         what a service does for a request, as it is declared
    program         what runs in its pods
    calls           a call and its policy; several at once
    outside         the client outside of the cluster
    spans           what one request did where
    tracing         trees of spans, critical path, waterfall, OpenTelemetry's JSON
    shop            a small shop of seven services
    bench           declarations tried one after another on a system that stays up
    availability    how often a request is answered that needs several services
    mishap          a service of the shop is updated, slow or down

Resilience, the parts first and then what becomes of them on the cluster:

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
