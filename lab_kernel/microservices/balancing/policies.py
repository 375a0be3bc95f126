"""Who sends a request where: each policy sees how many requests every server has, and picks one.

What it sees may be old. A policy that needs a memory of its own (whose turn it is, who said that
he is idle) keeps it; so make a new one for each run.

Left out: weights, zones, sessions that stay with their server, and servers that fail.

Sources: M. Mitzenmacher, 2001 (``Choices``); Y. Lu and others, "Join-Idle-Queue", 2011.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random


class Policy:
    """Picks at random, and looks at nothing. The others override ``pick``."""

    def pick(self, known: Sequence[int], chance: Random) -> int:
        """The number of a server; ``known`` is how many requests each one has."""
        return int(chance.random() * len(known))

    def idle(self, server: int) -> None:
        """A server has nothing left to do, and says so at once."""


class AtRandom(Policy):
    """Any server, each as likely."""


class InTurn(Policy):
    """Round robin: one after the other."""

    def __init__(self) -> None:
        self._next = 0

    def pick(self, known: Sequence[int], chance: Random) -> int:
        server = self._next % len(known)
        self._next = server + 1
        return server


class Choices(Policy):
    """Draws ``number`` different servers and takes the one with fewest; of several the first."""

    def __init__(self, number: int = 2) -> None:
        self.number = number

    def pick(self, known: Sequence[int], chance: Random) -> int:
        drawn = chance.sample(range(len(known)), min(self.number, len(known)))
        return min(drawn, key=known.__getitem__)


class LeastLoaded(Policy):
    """Looks at all of them and takes the one with fewest; of several any."""

    def pick(self, known: Sequence[int], chance: Random) -> int:
        fewest = min(known)
        return chance.choice([n for n, number in enumerate(known) if number == fewest])


class JoinIdle(Policy):
    """Never asks: servers that have run idle have said so and stand in a list. The one that has
    been in it longest is next; while the list is empty any server is. Before the first request
    all of them stand in it."""

    def __init__(self) -> None:
        self._idle: dict[int, None] | None = None  # an ordered set

    def pick(self, known: Sequence[int], chance: Random) -> int:
        if self._idle is None:
            self._idle = dict.fromkeys(range(len(known)))
        server = next(iter(self._idle)) if self._idle else super().pick(known, chance)
        self._idle.pop(server, None)
        return server

    def idle(self, server: int) -> None:
        if self._idle is not None:
            self._idle[server] = None


POLICIES: dict[str, Callable[[], Policy]] = {
    "random": AtRandom,
    "in-turn": InTurn,
    "two": Choices,
    "least": LeastLoaded,
    "idle": JoinIdle,
}
