"""What is known of load balancing without simulating it.

Balls: n balls in n bins, each put into the emptier of d that are drawn. The fullest then holds
about ln n / ln ln n for d = 1, and ln ln n / ln d plus a constant for more. Both are about what
happens as n grows, so for one n they tell the size, and not the number.

Servers: the supermarket model. Requests come to n servers as a Poisson process, ``load`` for each
server and mean service time; each goes to the shortest of d queues that are drawn, and its service
is exponential. As n grows the share of servers with at least i requests tends to
load ** ((d**i - 1) / (d - 1)). Times are in mean service times.

Sources: Y. Azar, A. Broder, A. Karlin, E. Upfal, "Balanced Allocations", 1994 (balls);
M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 1996 and 2001, and
N. Vvedenskaya, R. Dobrushin, F. Karpelevich, 1996 (servers).
"""

from __future__ import annotations

import math

from lab_kernel.errors import BadInput
from lab_kernel.language import _


def fullest(bins: int, choices: int) -> float:
    """The leading term of what the fullest bin holds; from 16 bins on."""
    if bins < 16:
        raise BadInput("bins", _("{value} is less than {least}").format(value=bins, least=16))
    _check_choices(choices)
    if choices == 1:
        return math.log(bins) / math.log(math.log(bins))
    return math.log(math.log(bins)) / math.log(choices)


def at_least(customers: int, load: float, choices: int) -> float:
    """The share of very many servers that have at least so many requests, waiting and served."""
    _check(load, choices)
    return math.pow(load, _exponent(customers, choices))


def mean_stay(load: float, choices: int) -> float:
    """How long a request stays on average, wait and service; 1 / (1 - load) for one choice."""
    _check(load, choices)
    if choices == 1:
        return 1 / (1 - load)
    total, customers, term = 0.0, 1, 1.0
    while term > 1e-15:
        total += term
        customers += 1
        term = math.pow(load, _exponent(customers, choices) - 1)
    return total


def _exponent(customers: int, choices: int) -> float:
    if choices == 1:
        return customers
    most = math.ceil(64 / math.log2(choices))  # beyond that the share is nothing
    return (math.pow(choices, min(customers, most)) - 1) / (choices - 1)


def _check(load: float, choices: int) -> None:
    if not 0 < load < 1:
        message = _("{value} is not between {low} and {high}")
        raise BadInput("load", message.format(value=load, low=0, high=1))
    _check_choices(choices)


def _check_choices(choices: int) -> None:
    if not 1 <= choices <= 10:
        message = _("{value} is not a whole number from {low} to {high}")
        raise BadInput("choices", message.format(value=choices, low=1, high=10))
