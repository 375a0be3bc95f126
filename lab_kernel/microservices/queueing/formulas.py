"""What is known of queues without simulating them.

Arrivals are a Poisson process of ``rate`` a second, service takes ``mean`` seconds. In Kendall's
letters M/M/c/K: times between arrivals, service times, servers, room in all (queue and servers).
M is exponential, D constant, G any. Customers are served in the order in which they came.

    Figures.system, .waiting     L and Lq: how many are there, and how many of them wait
    Figures.stay, .wait          W and Wq: seconds from arrival to the end, and to the beginning
    Figures.busy                 the share of its time for which a server works
    Figures.lost                 the share of customers who find no room

Sources: A. K. Erlang, 1917 (B and C); F. Pollaczek, 1930 and A. Y. Khinchine, 1932 (M/G/1);
D. Gross, C. M. Harris, "Fundamentals of Queueing Theory".
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from lab_kernel.errors import BadInput
from lab_kernel.language import _

MOST = 10_000  # servers, and places


@dataclass(frozen=True)
class Figures:
    """All averages over a long time. Infinite where more comes than can be served."""

    system: float
    waiting: float
    stay: float
    wait: float
    busy: float
    lost: float = 0.0


ENDLESS = math.inf


def mm1(rate: float, mean: float) -> Figures:
    """One server."""
    return mmc(rate, mean, 1)


def mmc(rate: float, mean: float, servers: int) -> Figures:
    """Several servers and one queue without an end."""
    check(rate, mean, servers)
    offered = rate * mean
    if offered >= servers:
        return Figures(ENDLESS, ENDLESS, ENDLESS, ENDLESS, 1.0)
    wait = erlang_c(servers, offered) * mean / (servers - offered)
    return _littled(rate, wait, mean, offered / servers)


def mg1(rate: float, mean: float, variation: float) -> Figures:
    """One server, any service time. ``variation`` is the squared coefficient of variation:
    variance by mean squared; 0 constant, 1 exponential. Pollaczek and Khinchine."""
    check(rate, mean, 1)
    if not 0 <= variation < math.inf:
        raise BadInput(
            "variation", _("{value} is less than {least}").format(value=variation, least=0)
        )
    busy = rate * mean
    if busy >= 1:
        return Figures(ENDLESS, ENDLESS, ENDLESS, ENDLESS, 1.0)
    return _littled(rate, busy * mean * (1 + variation) / (2 * (1 - busy)), mean, busy)


def mmck(rate: float, mean: float, servers: int, room: int) -> Figures:
    """Several servers and room for so many in all: who comes then is lost. ``wait`` and ``stay``
    are of those who are served. Room for the servers alone is Erlang's loss system."""
    check(rate, mean, servers)
    if not servers <= room <= MOST:
        message = _("{value} is not a whole number from {low} to {high}")
        raise BadInput("room", message.format(value=room, low=servers, high=MOST))
    chances = _states(rate * mean, servers, room)
    lost = chances[-1]
    system = sum(n * p for n, p in enumerate(chances))
    waiting = sum((n - servers) * p for n, p in enumerate(chances) if n > servers)
    served = rate * (1 - lost)
    return Figures(
        system, waiting, system / served, waiting / served, served * mean / servers, lost
    )


def erlang_b(servers: int, offered: float) -> float:
    """The share that is lost when nobody may wait; ``offered`` is rate times mean. By recursion,
    which stays exact where factorials overflow."""
    check(offered, 1.0, servers)
    lost = 1.0
    for n in range(1, servers + 1):
        lost = offered * lost / (n + offered * lost)
    return lost


def erlang_c(servers: int, offered: float) -> float:
    """The share that has to wait when nobody is lost; 1 where there are too few servers."""
    lost = erlang_b(servers, offered)
    if offered >= servers:
        return 1.0
    return servers * lost / (servers - offered * (1 - lost))


def servers_needed(rate: float, mean: float, wait: float) -> int:
    """The fewest servers with which a customer waits at most ``wait`` seconds on average."""
    check(rate, mean, 1)
    if wait <= 0:
        raise BadInput("wait", _("{value} is not more than {least}").format(value=wait, least=0))
    servers = math.floor(rate * mean) + 1
    while mmc(rate, mean, servers).wait > wait:
        servers += 1
    return servers


def _littled(rate: float, wait: float, mean: float, busy: float) -> Figures:
    """The rest follows from one wait: Little's law."""
    stay = wait + mean
    return Figures(rate * stay, rate * wait, stay, wait, busy)


def _states(offered: float, servers: int, room: int) -> list[float]:
    """The chances of 0 to ``room`` customers: a birth and death process."""
    weights = [1.0]
    for n in range(1, room + 1):
        weights.append(weights[-1] * offered / min(n, servers))
        if weights[-1] > 1e200:
            weights = [weight / 1e200 for weight in weights]
    total = math.fsum(weights)
    return [weight / total for weight in weights]


def check(rate: float, mean: float, servers: int) -> None:
    """BadInput names what no queue can be made of."""
    for name, value in (("rate", rate), ("mean", mean)):
        if not 0 < value < math.inf:
            message = _("{value} is not more than {least}")
            raise BadInput(name, message.format(value=value, least=0))
    if not 1 <= servers <= MOST:
        message = _("{value} is not a whole number from {low} to {high}")
        raise BadInput("servers", message.format(value=servers, low=1, high=MOST))
