"""The control loop that every controller is: observe, compare, act, and again.

It is level-triggered. A notice that something has changed only says where to look: ``reconcile``
reads what is desired and what is there now, and takes a step from one to the other. That is why it
does not matter how often it is called, or whether a notice was lost: every object is looked at
again from time to time.

Sources: Kubernetes, "Controllers"; client-go, util/workqueue/default_rate_limiters.go for the
pauses after a failure (5 ms, doubled up to 1,000 s). A notice that was lost is made good by the
next ``RESYNC``; in Kubernetes a watch that breaks is followed by a new list. Left out: how long
the work itself takes, and the share of work between several workers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from lab_kernel.cloud_native.objects import key
from lab_kernel.cloud_native.store import Conflict

if TYPE_CHECKING:
    from lab_kernel.cloud_native.core import Core

RESYNC = 30_000
FIRST_PAUSE, LONGEST_PAUSE = 5, 1_000_000


class Controller:
    """A queue of keys, each in it once, and ``reconcile`` for each.

    A subclass names the ``kind`` that it looks after and the other kinds that it ``watches``, and
    says in ``concerns`` whom a change of one of those concerns.
    """

    name: ClassVar[str] = ""
    kind: ClassVar[type]
    watches: ClassVar[tuple[type, ...]] = ()
    resync: ClassVar[int] = RESYNC

    def __init__(self, cluster: Core) -> None:
        self.cluster, self.store, self.clock = cluster, cluster.store, cluster.clock
        self.alive = True
        self.rounds = 0
        self._due: dict[str, int] = {}
        self._failures: dict[str, int] = {}
        self.store.watch(self.kind, lambda name, thing: self.enqueue(name))
        for other in self.watches:
            self.store.watch(other, self._noticed)
        self.clock.after(0, self._list)
        self._place = cluster.place()  # not all controllers in the same instant

    def reconcile(self, name: str) -> None:
        """One step from what is there to what is desired, for the object of this key."""
        raise NotImplementedError

    def concerns(self, thing: Any) -> list[str]:
        """The keys of what a change of ``thing`` concerns: its owner, unless said otherwise."""
        owner = thing.metadata.owner
        if owner is None or owner.kind != self.kind.__name__:
            return []
        return [f"{thing.metadata.namespace}/{owner.name}"]

    def enqueue(self, name: str, delay: int = 0) -> None:
        """Look at this one in ``delay`` ms, or before, if that is due already."""
        due = self.clock.now + delay
        if self.alive and (name not in self._due or due < self._due[name]):
            self._due[name] = due
            self.clock.at(due, lambda: self._work(name, due))

    def crash(self) -> None:
        """It is gone, with all that it had in mind."""
        self.alive = False
        self._due, self._failures = {}, {}

    def restart(self) -> None:
        """A new one starts with a list of all there is."""
        if not self.alive:
            self.alive = True
            self._look_at_all()

    def _noticed(self, _name: str, thing: Any) -> None:
        for name in self.concerns(thing):
            self.enqueue(name)

    def _list(self) -> None:
        if self.alive:
            self._look_at_all()
        pause = self.resync - (self.clock.now - self._place) % self.resync
        self.clock.after(pause, self._list)

    def _look_at_all(self) -> None:
        things: list[Any] = self.store.all(self.kind)
        for thing in things:
            self.enqueue(key(thing))

    def _work(self, name: str, due: int) -> None:
        if self._due.get(name) != due:  # it was wanted sooner, or a crash came between
            return
        del self._due[name]
        self.rounds += 1
        try:
            self.reconcile(name)
        except Conflict:
            failures = self._failures[name] = self._failures.get(name, 0) + 1
            self.enqueue(name, min(FIRST_PAUSE * 2 ** (failures - 1), LONGEST_PAUSE))
        else:
            self._failures.pop(name, None)
