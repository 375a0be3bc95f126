"""The store: the one place where the desired and the observed state are written down.

What etcd and the API server are to Kubernetes. An object is a value with a version. Who wants to
change one hands in a new value made from the version that he has read; if somebody else has
written in between, that is a Conflict, and he has to read again. Nobody is told what has changed,
only that something has: a watch gives the key, a little later, and the reader looks at what is
there by then.

Modelled: uids, versions, generations, owners, deletion in two steps, watches with a delay that can
lose what they should deliver. Left out: disks, quorum and failure of the store itself.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from lab_kernel.clock import Clock
from lab_kernel.cloud_native.objects import Pod, key

Kind = TypeVar("Kind")
Notice = Callable[[str, Any], None]
DELAY = 10  # ms from a write to those who watch


class Conflict(Exception):
    """The object has changed, or has gone, since it was read."""


class Store:
    """Objects by kind and ``namespace/name``.

    ``loses`` decides of each notice whether it is lost on the way; None: none is.
    """

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.loses: Callable[[type, str], bool] | None = None
        self.version = 0
        self._uid = 0
        self._objects: dict[type, dict[str, Any]] = {}
        self._watches: dict[tuple[type, str], list[Notice]] = {}
        self._owned: dict[tuple[type, int], dict[str, None]] = {}
        self._on: dict[str, dict[str, None]] = {}

    # Reading

    def get(self, kind: type[Kind], name: str) -> Kind | None:
        return self._objects.get(kind, {}).get(name)

    def all(self, kind: type[Kind]) -> list[Kind]:
        """Every object of a kind, the oldest first."""
        return list(self._objects.get(kind, {}).values())

    def owned(self, kind: type[Kind], owner: Any) -> list[Kind]:
        """Those of a kind that were made for this object."""
        names = self._owned.get((kind, owner.metadata.uid), ())
        return [self._objects[kind][name] for name in names]

    def on(self, node: str) -> list[Pod]:
        """The pods that are placed on a node."""
        return [self._objects[Pod][name] for name in self._on.get(node, ())]

    # Writing

    def create(self, thing: Kind) -> Kind:
        """Conflict when there is one of this name."""
        if self.get(type(thing), key(thing)) is not None:
            raise Conflict(key(thing))
        self._uid += 1
        return self._write(thing, uid=self._uid, created=self.clock.now, generation=1)

    def update(self, thing: Any) -> Any:
        """Put in the next version. The same again is no write."""
        meta, old = thing.metadata, self.get(type(thing), key(thing))
        if old is None or old.metadata.resource_version != meta.resource_version:
            raise Conflict(key(thing))
        if thing == old:
            return old
        changed = getattr(thing, "spec", None) != getattr(old, "spec", None)
        return self._write(thing, generation=meta.generation + changed)

    def delete(self, thing: Any) -> None:
        """A pod that is on a node is only marked: its kubelet has to end it first."""
        old = self.get(type(thing), key(thing))
        if old is None or old.metadata.uid != thing.metadata.uid:
            return
        if isinstance(old, Pod) and old.spec.node_name and not old.over:
            if old.metadata.deleted is None:
                self._write(old, deleted=self.clock.now)
        else:
            self.remove(old)

    def remove(self, thing: Any) -> None:
        """It is gone at once, whatever is still running."""
        kind, name = type(thing), key(thing)
        old = self.get(kind, name)
        if old is None or old.metadata.uid != thing.metadata.uid:
            return
        self._index(old, False)
        del self._objects[kind][name]
        self.version += 1
        self._tell(kind, name, old)

    def _write(self, thing: Kind, **meta: Any) -> Kind:
        self.version += 1
        made: Any = thing
        stamped = dataclasses.replace(made.metadata, resource_version=self.version, **meta)
        new = dataclasses.replace(made, metadata=stamped)
        kind, name = type(new), key(new)
        old = self.get(kind, name)
        if old is not None:
            self._index(old, False)
        self._objects.setdefault(kind, {})[name] = new
        self._index(new, True)
        self._tell(kind, name, new)
        return new  # type: ignore[no-any-return]

    def _index(self, thing: Any, there: bool) -> None:
        for index, value in self._indexed(thing):
            if there:
                index.setdefault(value, {})[key(thing)] = None
            else:
                del index[value][key(thing)]

    def _indexed(self, thing: Any) -> Iterator[tuple[dict[Any, dict[str, None]], Any]]:
        if thing.metadata.owner is not None:
            yield self._owned, (type(thing), thing.metadata.owner.uid)
        if isinstance(thing, Pod) and thing.spec.node_name:
            yield self._on, thing.spec.node_name

    # Watching

    def watch(self, kind: type, notice: Notice, *, node: str = "") -> None:
        """Call ``notice(key, thing)`` some ms after each write (of the pods of a ``node``).

        Look up what is there by then: ``thing`` is what was written, and only says whom it
        concerns.
        """
        self._watches.setdefault((kind, node), []).append(notice)

    def _tell(self, kind: type, name: str, thing: Any) -> None:
        notices = self._watches.get((kind, ""), [])
        if isinstance(thing, Pod) and thing.spec.node_name:
            notices = [*notices, *self._watches.get((kind, thing.spec.node_name), ())]
        for notice in notices:
            if self.loses is None or not self.loses(kind, name):
                self.clock.after(DELAY, lambda notice=notice: notice(name, thing))  # type: ignore[misc]
