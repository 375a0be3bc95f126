"""What others read while an order is under way."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, Toggle, View, Whole, explorable
from lab_kernel.explore.microservices.saga import wording
from lab_kernel.explore.microservices.saga.crash import METHODS
from lab_kernel.language import N_, _
from lab_kernel.microservices.saga.between import LATER, NO, WAITS, YES, looks, two_customers
from lab_kernel.microservices.saga.shop import Order
from lab_kernel.trace import Event, Trace

BEFORE, ON_THE_WAY, AFTER = N_("as before"), N_("neither"), N_("as in the end")
TOLD = {
    YES: N_("“there is one left”"),
    NO: N_("“sold out”"),
    LATER: N_("“perhaps later”"),
    WAITS: N_("nothing yet: it waits for the lock"),
}
MOST = 24


@explorable(
    "microservices/saga/between",
    title=N_("The last one in stock"),
    predict=N_(
        "One unit is left. An order takes it, but its customer has too little money, and it is"
        " taken back. What does somebody hear who asks for this unit in the meantime?"
    ),
    controls=(
        Choice(
            name="method",
            label=N_("The order is made in"),
            default="saga",
            options=tuple((name, said) for name, said in METHODS.items() if name != "apart"),
        ),
        Whole(name="step", label=N_("Somebody else asks before step"), low=1, high=MOST,
              default=10),
        Toggle(name="declined", label=N_("The customer has too little money"), default="on"),
        Toggle(name="holds", label=N_("Units of pending orders are told apart"), default="off"),
    ),
)  # fmt: skip
def between(method: str, step: int, declined: bool, holds: bool) -> View:
    """Each value that can be read, for as many steps as it can; and what another hears."""
    money = 20 if declined else 100
    seen = looks(method, Order(1), 1, money)
    told, placed, left = two_customers(method, units=1, money=money, step=step, holds=holds)
    torn = sum(state not in (seen[0][1], seen[-1][1]) for _step, state in seen)
    says = _(
        "In {torn} of {all} steps others can read what is neither the beginning nor the end. Who"
        " asks before step {step} hears {told}; in the end {left} left."
    ).format(
        torn=torn,
        all=len(seen) - 1,
        step=step,
        told=_(TOLD[told]),
        left=_("1 unit is") if left else _("none is"),
    )
    if told == NO and not placed:
        says += " " + _("It was turned away for an order that came to nothing.")
    rows = []
    for head, key in zip(wording.HEADS, seen[0][1], strict=True):
        values = [state[key] for _step, state in seen]
        begin = 0
        for at in range(1, len(values) + 1):
            if at == len(values) or values[at] != values[begin]:
                value = values[begin]
                kind = _kind(value, values[0], values[-1])
                word = wording.state(str(value)) if key == "order" else str(value)
                rows.append(Event(begin + 1, at - begin, _(head), _(kind), word))
                begin = at
    asked = min(step, len(seen))
    rows.append(Event(asked, 0, _("somebody else"), _("asks"), _(TOLD[told])))
    picture = fig.timeline(
        Trace(rows),
        title=_("What can be read before each step"),
        description=says,
        x_label=_("step"),
        kinds=[_(kind) for kind in (BEFORE, ON_THE_WAY, AFTER)] + [_("asks")],
    )
    return View((picture,), says, {"neither": torn, "left": left, "placed": int(placed)})


def _kind(value: object, first: object, last: object) -> str:
    if value == last:
        return AFTER
    return BEFORE if value == first else ON_THE_WAY
