"""The fields of a specification, by whose they are, as each role sees them."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.containers.duties import (
    BOTH,
    CONTRACT,
    DEV,
    FIELDS,
    OPS,
    Contract,
    seen_by,
    written,
)
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.language import N_, _

OWNERS = {DEV: N_("development"), OPS: N_("operations"), BOTH: N_("both")}
EVERYBODY = "all"


@explorable(
    "containers/portability/duties",
    title=N_("Whose field is it?"),
    predict=N_(
        "The specification has twelve fields. How many can development leave alone, how many"
        " operations, and how many neither?"
    ),
    controls=(
        Choice(
            name="role",
            label=N_("Seen by"),
            default=EVERYBODY,
            options=((EVERYBODY, N_("everybody")), *((r, OWNERS[r]) for r in (DEV, OPS))),
        ),
    ),
)
def duties(role: str) -> View:
    """Every field with its value and its owner; what the role need not touch is quiet."""
    names = list(FIELDS) if role == EVERYBODY else seen_by(role)
    hidden = _("hidden from this role")
    rows = []
    for name, field in FIELDS.items():
        owner = _(OWNERS[field.owner])
        if name in names:
            cells = [fig.Cell(shown(CONTRACT, name), owner), fig.Cell(_(field.why))]
        else:
            cells = [fig.Cell("···", hidden), fig.Cell("")]
        rows.append(fig.Row(head(name), cells))
    shared = [written(name) for name, field in FIELDS.items() if field.owner == BOTH]
    says = _("{role}: {seen} of {fields} fields, {shared} of them agreed on by both.").format(
        role=_("everybody") if role == EVERYBODY else _(OWNERS[role]),
        seen=len(names),
        fields=len(FIELDS),
        shared=len(shared),
    )
    picture = fig.table(
        (_("value"), _("why it is theirs")),
        rows,
        title=_("One specification, two roles"),
        description=says + " " + _("Of both: {names}.").format(names=", ".join(shared)),
        states=(_(OWNERS[DEV]), _(OWNERS[OPS]), _(OWNERS[BOTH]), hidden),
        quiet=hidden,
    )
    return View((picture,), says)


def head(name: str) -> str:
    """The field's path as the head of a row, which may wrap between its parts."""
    return written(name).replace(".", " › ")


def shown(contract: Contract, name: str) -> str:
    """The field's value; of an address or an image only what tells it from another."""
    value = contract.get(name)
    if isinstance(value, list):
        return " ".join(value)
    parts = str(value).split("/")
    return str(value) if not parts[0] else parts[2] if name == "value" else parts[-1]
