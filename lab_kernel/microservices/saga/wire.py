"""A network between services that loses messages and delivers some twice.

Each message has a *fate*, and who asks hears either an answer or nothing. From nothing it cannot
tell whether the request was lost, or the answer, or the other has crashed.
"""

from __future__ import annotations

from collections.abc import Iterable

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.microservices.saga.idempotency import Message, Service
from lab_kernel.microservices.saga.world import World

ARRIVES, LOST, UNANSWERED, TWICE, LATE = "arrives", "lost", "unanswered", "twice", "late"
FATES = (ARRIVES, LOST, UNANSWERED, TWICE, LATE)


class Wire:
    """``fates`` of the messages in the order in which they are sent; later ones arrive.

    ``LATE`` arrives, and once more just before the next message, when nobody expects it.
    """

    def __init__(self, world: World, fates: Iterable[str] = ()) -> None:
        self._world, self._fates = world, list(fates)
        self._late: list[tuple[Service, Message]] = []
        if unknown := set(self._fates) - set(FATES):
            message = _("“{value}” is not one of: {allowed}")
            allowed = ", ".join(FATES)
            raise BadInput("fates", message.format(value=min(unknown), allowed=allowed))

    def ask(self, service: Service, message: Message) -> str | None:
        """The answer, or None."""
        self.arrive()
        fate = self._fates.pop(0) if self._fates else ARRIVES
        if fate == LOST:
            self._world.note(service.name, LOST, message.does)
            return None
        answer = service.receive(message)
        if fate == TWICE:
            service.receive(message)
        if fate == LATE:
            self._late.append((service, message))
        if fate == UNANSWERED:
            self._world.note(service.name, UNANSWERED, message.does)
            return None
        return answer

    def arrive(self) -> None:
        """What is late arrives now."""
        late, self._late = self._late, []
        for service, message in late:
            service.receive(message)
