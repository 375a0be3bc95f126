"""A service's own database: rows, transactions, locks, and what is left after a crash.

A transaction sees its own writes, others see them when it commits, all at once (atomicity). It
locks every row that it touches until it is over (strict two-phase locking), so transactions have
the effect of running one after another (isolation). ``crash`` ends whatever was under way; what
was committed stays (durability), and so does what was *prepared*, with its locks: it has promised
to be able to commit, and only the decision may end it.

Where a transaction would have to wait for a lock, ``Locked`` is raised instead. Left out: shared
locks, deadlock, and how a database writes so that this holds (write-ahead logging).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Locked(Exception):
    """The row is held by another transaction, ``holder``; one would have to wait."""

    def __init__(self, key: Any, holder: str) -> None:
        super().__init__(f"{key} is held by {holder}")
        self.key, self.holder = key, holder


class Store:
    def __init__(self, name: str, rows: Mapping[Any, Any] | None = None) -> None:
        self.name = name
        self.rows = dict(rows or {})  # committed
        self.locks: dict[Any, Transaction] = {}
        self.prepared: dict[str, Transaction] = {}

    def begin(self, name: str = "") -> Transaction:
        return Transaction(self, name)

    def read(self, key: Any, default: Any = None) -> Any:
        """What is committed, without waiting for anybody."""
        return self.rows.get(key, default)

    def put(self, key: Any, value: Any) -> None:
        """One row, in a transaction of its own."""
        transaction = self.begin()
        transaction.write(key, value)
        transaction.commit()

    def crash(self) -> None:
        """Transactions end unless they are prepared, and let go of their locks."""
        kept = set(map(id, self.prepared.values()))
        self.locks = {key: held for key, held in self.locks.items() if id(held) in kept}


class Transaction:
    """``name`` is what a prepared one is asked for by."""

    def __init__(self, store: Store, name: str) -> None:
        self.store, self.name = store, name
        self._writes: dict[Any, Any] = {}

    def read(self, key: Any, default: Any = None) -> Any:
        self._lock(key)
        return self._writes.get(key, self.store.rows.get(key, default))

    def write(self, key: Any, value: Any) -> None:
        self._lock(key)
        self._writes[key] = value

    def prepare(self) -> None:
        """Promise that ``commit`` will succeed, whatever crashes."""
        self.store.prepared[self.name] = self

    def commit(self) -> None:
        self.store.rows.update(self._writes)
        self._over()

    def abort(self) -> None:
        self._over()

    def _lock(self, key: Any) -> None:
        holder = self.store.locks.setdefault(key, self)
        if holder is not self:
            raise Locked(key, holder.name)

    def _over(self) -> None:
        store = self.store
        store.prepared = {name: t for name, t in store.prepared.items() if t is not self}
        store.locks = {key: held for key, held in store.locks.items() if held is not self}
