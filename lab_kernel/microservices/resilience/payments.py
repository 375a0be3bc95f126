"""A sale that is charged twice, and the idempotency key that prevents it.

A client that gets no answer cannot know whether the card was charged. If it asks again, and both
requests arrive, the customer pays twice. So it sends a key with every try of the same sale, and
the service looks the key up before it charges:

    new             charge, and keep the answer under the key
    done            give the kept answer again, and charge nothing
    being done      409: the first try is still at work
    other contents  422: the key was used for another sale

Source: IETF, draft-ietf-httpapi-idempotency-key-header-07, sections 2.6 and 2.7. The keys must be
where every replica sees them: a key that only one pod knows protects from nothing, because
the next try may come to another one. ``shared`` says so.

Left out: that keys are forgotten after some time, and that charging and keeping the key must be
one transaction.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Any

from lab_kernel.microservices.calls import OK
from lab_kernel.microservices.program import Handling
from lab_kernel.microservices.service import Service

CONFLICT, OTHER = 409, 422


@dataclass
class Ledger:
    """What was charged, in order, and the keys: key -> (sale, status; None while being done)."""

    charged: list[str] = field(default_factory=list)
    keys: dict[str, tuple[str, int | None]] = field(default_factory=dict)

    def begin(self, sale: str, key: str | None) -> int | None:
        """None: charge it now. Else the status to answer without charging."""
        if key is None:
            return None
        if key not in self.keys:
            self.keys[key] = (sale, None)
            return None
        known, status = self.keys[key]
        if known != sale:
            return OTHER
        return CONFLICT if status is None else status

    def end(self, sale: str, key: str | None) -> int:
        """It has been charged."""
        self.charged.append(sale)
        if key is not None:
            self.keys[key] = (sale, OK)
        return OK

    @property
    def twice(self) -> int:
        """How many charges were one too many."""
        return len(self.charged) - len(set(self.charged))


@dataclass
class Payments:
    """For ``Service(answers=...)``: charges each request it gets. A sale is known by its trace.

    ``shared``: every pod looks into the same keys, else each into its own.
    """

    ledger: Ledger = field(default_factory=Ledger)
    shared: bool = True

    def __call__(self, service: Service, handling: Handling) -> Generator[Any, Any, int]:
        sale, key = f"{handling.context.trace:032x}", handling.headers.get("key")
        own = handling.desk.memory.setdefault("keys", {})
        ledger = self.ledger if self.shared else Ledger(self.ledger.charged, own)
        if (known := ledger.begin(sale, key)) is not None:
            return known
        yield from handling.work(service.work)
        return ledger.end(sale, key)
