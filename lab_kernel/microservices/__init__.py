"""Microservices: programs on the cluster that call each other, and what that costs.

In reading order:

    system      the front door: services on a simulated cluster, a load, and what goes wrong
    service     what a service does for a request, as it is declared
    program     what runs in its pods
    calls       a call and its policy; several at once
    outside     the client outside of the cluster
    spans       what one request did where
"""
