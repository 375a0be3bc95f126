"""Load balancing: many servers with a queue each, and who sends a request where.

In reading order:

    balls       balls thrown into bins, the same question without time
    known       what is known of both without simulating them
    policies    random, in turn, the best of two, the least loaded, the idle
    servers     the servers, request by request; what the balancer knows may be old
    measured    a real nginx before four servers, beside the simulation
    fanout      one request that waits for many, and percentiles
    copies      a second copy of a request: hedged, and tied
"""
