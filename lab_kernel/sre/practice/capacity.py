"""Capacity planning: how many replicas for a peak, and what is left when one of them fails.

Requests arrive at random and wait in one queue for any of c replicas, each of which does one at a
time: M/M/c. With a load of a = arrivals x time of service, c > a, the chance to wait is Erlang's C
formula, and the chance to wait longer than t is C exp(-(c - a) t / time of service).

A target is a promise for a share of requests: 95% wait at most so long. N is the smallest c that
keeps it at the peak; N + 1 keeps it also while one replica is away, be it that it failed or that it
is being updated. Sources: Erlang 1917; SRE book, chapters 1 and 18.

Left out: that a real load balancer has a queue per replica, which waits longer, and that replicas
share machines.
"""

from __future__ import annotations

import math

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.microservices.queueing.formulas import erlang_c

MOST = 1000


def waits_longer(servers: int, rate: float, service: float, limit: float) -> float:
    """The share of requests that wait longer than ``limit`` seconds."""
    load = rate * service
    if load >= servers:
        return 1.0
    return erlang_c(servers, load) * math.exp(-(servers - load) * limit / service)


def needed(rate: float, service: float, limit: float, share: float = 0.95) -> int:
    """N: the fewest replicas with which ``share`` of the requests wait at most ``limit``."""
    first = max(1, math.ceil(rate * service))
    for servers in range(first, MOST + 1):
        if waits_longer(servers, rate, service, limit) <= 1 - share:
            return servers
    message = _("more than {most} replicas would be needed")
    raise BadInput("rate", message.format(most=MOST))
