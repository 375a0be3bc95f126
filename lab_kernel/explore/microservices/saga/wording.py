"""The steps of this chapter's simulators in a reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lab_kernel.language import N_, _
from lab_kernel.microservices.saga.world import World
from lab_kernel.trace import Event, Trace

WHO = {
    "shop": N_("the shop"),
    "orders": N_("the orders service"),
    "stock": N_("the stock service"),
    "payment": N_("the payment service"),
    "coordinator": N_("coordinator"),
    "orchestrator": N_("orchestrator"),
    "relay": N_("relay"),
}
# In the order of their length where one begins with another.
DOES = {
    "create": N_("create the order"),
    "reserve": N_("take from stock"),
    "charge": N_("charge"),
    "confirm": N_("confirm the order"),
    "cancel": N_("cancel the order"),
    "release": N_("put back into stock"),
    "refund": N_("refund"),
    "commit": N_("commit"),
    "abort": N_("take it all back"),
    "roll back": N_("roll back"),
    "prepare": N_("prepare"),
    "vote yes": N_("vote yes"),
    "vote no": N_("vote no"),
    "answer": N_("send the answer"),
    "write the key": N_("write the key"),
    "log begin": N_("log: begin"),
    "log commit": N_("log: commit"),
    "commit the order": N_("commit the order"),
    "commit order and event": N_("commit order and event"),
    "send the event": N_("send the event"),
    "mark it sent": N_("mark it sent"),
}
ANSWERS = {"done": N_("done"), "refused": N_("refused")}
WRITTEN, THOUGHT, KNOWN, CRASH = (
    N_("written down for good"),
    N_("only in memory, or on the way"),
    N_("known: not done again"),
    N_("dies here"),
)
LOST, UNANSWERED = N_("message lost"), N_("answer lost")
KINDS = (WRITTEN, THOUGHT, KNOWN, CRASH, LOST, UNANSWERED)
# Steps that leave nothing behind when their program dies after them.
_FLEETING = ("answer", "vote yes", "vote no", "send the event")


def does(name: str) -> str:
    """``log charge done`` in words."""
    if name in DOES:
        return _(DOES[name])
    first, _space, rest = name.partition(" ")
    if first == "send":
        return _("ask to {what}").format(what=does(rest))
    if first in ("ask", "tell") and rest in WHO:
        said = _("ask {who} to prepare") if first == "ask" else _("tell {who} the decision")
        return said.format(who=_(WHO[rest]))
    if first == "log":
        what, _space, answer = rest.partition(" ")
        return _("log: {what}, {answer}").format(what=does(what), answer=_(ANSWERS[answer]))
    if name.endswith(": known"):
        return _("{what}: known").format(what=does(name.removesuffix(": known")))
    return name


def step(who: str, name: str) -> str:
    return _("{who}: {what}").format(who=_(WHO[who]), what=does(name))


def kind(event: Event, durable: Iterable[str]) -> str:
    """One of ``KINDS``. ``durable`` are the names of steps that commit something."""
    notes: Mapping[str, str] = {
        "crash": CRASH, "known": KNOWN, "lost": LOST, "unanswered": UNANSWERED
    }  # fmt: skip
    if event.kind in notes:
        return notes[event.kind]
    name = event.name
    good = name in durable or name.startswith("log ") or event.kind in ("done", "refused")
    return WRITTEN if good and name not in _FLEETING else THOUGHT


def shown_kind(event: Event, durable: Iterable[str]) -> str:
    found = kind(event, durable)
    return _(found)


def rows(world: World, durable: Iterable[str]) -> Trace:
    """Steps as bars and crashes as marks, for a timeline: a step is one tick."""
    shown = []
    for event in world.trace:
        name, what = step(event.track, event.name), shown_kind(event, durable)
        # A crash is a mark where its step would begin, other notes where they happen.
        at = event.time if event.duration or event.kind == "crash" else event.time + 1
        shown.append(Event(at, event.duration, _(WHO[event.track]), what, name))
    return Trace(shown)


def figures(seen: Mapping[str, object]) -> list[str]:
    """The order's state and the numbers, as a row of a table has them."""
    return [state(str(seen["order"])), *(str(seen[key]) for key in ("left", "money", "till"))]


STATES = {
    "none": N_("no order"),
    "pending": N_("pending"),
    "placed": N_("placed"),
    "cancelled": N_("cancelled"),
}
HEADS = (N_("the order"), N_("units left"), N_("customer's money"), N_("shop's till"))
WRONG = {
    "still pending": N_("the order is still pending"),
    "stock lost": N_("a unit is missing from stock"),
    "sold without stock": N_("a unit was sold that nobody took from stock"),
    "charged for nothing": N_("more was charged than was bought"),
    "not charged": N_("something was bought and not paid"),
    "money vanished": N_("money has vanished"),
}


def state(word: str) -> str:
    return _(STATES[word])


def wrong(found: Iterable[str]) -> str:
    """What does not add up, or that everything does."""
    words = ", ".join(_(WRONG[each]) for each in found)
    return words or _("it all adds up")
