"""A service is updated, slow or down, and what becomes of the others."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, Toggle, View, explorable
from lab_kernel.explore.wording import counted
from lab_kernel.language import N_, _
from lab_kernel.microservices.mishap import Outcome
from lab_kernel.microservices.mishap import mishap as run
from lab_kernel.microservices.shop import NAMES, shop

EVENTS = {
    "update": N_("gets a new version"),
    "slow": N_("becomes slow"),
    "down": N_("goes down"),
}
ANSWERS, ERRORS, IDLE = N_("answers its callers"), N_("answers with errors"), N_("is asked no more")


@explorable(
    "microservices/calls/mishap",
    title=N_("Independent, and yet not"),
    predict=N_(
        "Seven services answer one checkout. payments gets a new version while requests come in:"
        " how many pods are replaced, how many requests fail? And if it goes down instead?"
    ),
    controls=(
        Choice(
            name="service",
            label=N_("Which service"),
            options=tuple((name, name) for name in NAMES),
            default="payments",
        ),
        Choice(
            name="event",
            label=N_("What happens to it"),
            options=tuple(EVENTS.items()),
            default="update",
        ),
        Toggle(name="fallback", label=N_("An answer without advice"), default="on"),
    ),
)
def mishap(service: str, event: str, fallback: bool) -> View:
    """Five requests a second go to the shop while it happens."""
    done = run(event, service, fallback)
    says = " ".join(
        part
        for part in (
            _("{service} {event}.").format(service=service, event=_(EVENTS[event])),
            _requests(done),
            _pods(done, event),
            _errors(done),
        )
        if part
    )
    picture = fig.call_graph(
        [
            fig.Vertex(
                each.name,
                [call.service for call in each.asks()],
                [call.service for call in each.asks() if call.optional],
                state=_(EVENTS[event]) if each.name == service else _state(done, each.name),
            )
            for each in shop(optional=fallback)
        ],
        title=_("Who asks whom at a checkout"),
        description=says,
        states=[_(ANSWERS), _(ERRORS), _(EVENTS[event]), _(IDLE)],
    )
    numbers = {
        "requests": done.asked,
        "answered": done.answered,
        "replaced": len(done.replaced) if event == "update" else 0,
        "broken": len(done.broken),
    }
    return View((picture,), says, numbers)


def _requests(done: Outcome) -> str:
    asked = counted(done.asked, N_("{n} request"), N_("{n} requests"))
    if not done.answered:
        return _("Of {requests} none is answered.").format(requests=asked)
    return _("Of {requests} {answered} are answered, the middle one after {ms} ms.").format(
        requests=asked, answered=done.answered, ms=done.latency
    )


def _pods(done: Outcome, event: str) -> str:
    if event != "update":
        return ""
    return _("{replaced} of {pods} pods has been replaced.").format(
        replaced=len(done.replaced), pods=done.pods
    )


def _errors(done: Outcome) -> str:
    return _("Answering with errors: {names}.").format(names=", ".join(done.broken)) * bool(
        done.broken
    )


def _state(done: Outcome, name: str) -> str:
    if name in done.broken:
        return _(ERRORS)
    return _(IDLE) if name in done.idle else _(ANSWERS)
