"""Queues: how long requests wait, and why it gets so much so suddenly.

In reading order:

    formulas    what is known exactly: M/M/1, M/M/c, finite queues, M/G/1
    times       how times by chance are drawn: exponential, constant, very uneven
    queue       one queue with its servers, customer by customer
    estimate    from one run to a figure and how sure it is
"""
