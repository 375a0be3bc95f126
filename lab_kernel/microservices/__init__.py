"""Microservices: programs on the cluster that call each other, and what that costs.

In reading order:

    service         a program that computes, calls other services and answers
    calls           the path of a call: from pod to pod, through the cluster's addresses
    balancing       many servers with a queue each, and who sends a request where
"""
