"""Microservices: programs on the cluster that call each other, and what that costs.

In reading order:

    system          the front door: services on a simulated cluster, a load, and what goes wrong
    service         what a service does for a request, as it is declared
    program         what runs in its pods
    calls           a call and its policy; several at once
    outside         the client outside of the cluster
    spans           what one request did where
    architecture    one shop, cut in different ways
    tracing         trees of spans, critical path, waterfall, OpenTelemetry's JSON
    shop            a small shop of seven services
    bench           declarations tried one after another on a system that stays up
    availability    how often a request is answered that needs several services
    mishap          a service of the shop is updated, slow or down
    queueing        how long requests wait, by formula and simulated
    balancing       many servers with a queue each, and who sends a request where
    resilience      what a caller does about a service that fails, and what that does to it
    saga            one order that touches three services with data of their own
    loopback        the shop of host.loopback, real there and simulated here
"""
