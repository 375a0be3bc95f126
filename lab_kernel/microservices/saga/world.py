"""One step after another, and a crash before any of them.

A program says before each thing that it does what it is about to do::

    world.step("stock", "commit")
    transaction.commit()

and dies there, by ``Crashed``, when this is one of the steps before which somebody is to crash.
What it had in its variables is gone; what a ``Store`` has committed stays. ``survive`` starts it
again, until it gets through.

So every moment at which a program may die has a number, and all of them can be tried. A step is
one tick of the Trace. Left out: time, and two programs that really run side by side; ``at`` does
something of another's just before a step instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from lab_kernel.trace import Trace


class Crashed(Exception):
    """The program of ``who`` has died."""

    def __init__(self, who: str) -> None:
        super().__init__(who)
        self.who = who


class World:
    """``crashes`` are numbers of steps, the first being 1; whose step it is dies before it.

    ``at`` maps numbers of steps to what others do just before. A step is an event of one tick on
    the track of whoever does it; a crash and other notes are events without duration.
    """

    def __init__(
        self, crashes: Iterable[int] = (), at: Mapping[int, Callable[[], None]] | None = None
    ) -> None:
        self.steps = 0
        self.trace = Trace()
        self._crashes, self._at = frozenset(crashes), at or {}

    def step(self, who: str, does: str, kind: str = "step") -> None:
        """``who`` is about to do this."""
        self.steps += 1
        if action := self._at.get(self.steps):
            action()
        if self.steps in self._crashes:
            self.note(who, "crash", does)
            raise Crashed(who)
        self.trace.add(self.steps, who, kind, does, duration=1)

    def note(self, who: str, kind: str, what: str) -> None:
        """Something that happens to them, at no step of their own."""
        self.trace.add(self.steps, who, kind, what)

    def survive(self, start: Callable[[], None], again: Callable[[], None]) -> None:
        """Start it, and after each crash start it ``again``."""
        program = start
        while True:
            try:
                return program()
            except Crashed:
                program = again
