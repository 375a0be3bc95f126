"""One shop, cut in different ways: what the cut changes, and what it does not.

In reading order:

    shop        what the shop does: its modules, and who asks whom
    wiring      the same modules in one process, or apart with messages between them
    cut         a cut of the modules into deployable units, as a system on the cluster
    prices      what it costs: calls, latency, availability, blast radius
    pipeline    how long a change takes to be live, and how long it waits for others
    teams       who has to agree with whom (Conway's law)
    strangler   from one unit to several, a step at a time
"""
