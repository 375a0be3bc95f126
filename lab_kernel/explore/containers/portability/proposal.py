"""One change that one side proposes, and whether it may go ahead alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from lab_kernel import figures as fig
from lab_kernel.containers.duties import (
    BOTH,
    CONTRACT,
    DEV,
    FIELDS,
    OPS,
    Contract,
    Ruling,
    change,
    owner,
    rebuild,
    written,
)
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.explore.containers.portability.duties import OWNERS, head, shown
from lab_kernel.language import N_, _


@dataclass(frozen=True, slots=True)
class Proposal:
    """A new build (``built``), or ``role`` changes ``field``."""

    label: str
    role: str
    field: str = ""
    value: Any = None
    built: tuple[tuple[str, Any], ...] = ()

    def ruling(self) -> Ruling:
        if self.built:
            return rebuild(CONTRACT, **dict(self.built))
        return change(CONTRACT, self.role, self.field, self.value)

    def proposed(self) -> Contract:
        """The specification that is asked for, agreed or not."""
        if self.built:
            return CONTRACT.set("image", dict(self.built).get("image", CONTRACT.build.image))
        return CONTRACT.set(self.field, self.value)


NEXT = ("image", "registry.example/cart:1.5")
PROPOSALS = {
    "contents": Proposal(N_("development: a new image, same port"), DEV, built=(NEXT,)),
    "listens": Proposal(
        N_("development: the program now listens on 9090"), DEV, built=(NEXT, ("port", 9090))
    ),
    "hungry": Proposal(
        N_("development: the program now needs 300 MiB"), DEV, built=(NEXT, ("memory", 300))
    ),
    "wants more": Proposal(N_("development: five replicas"), DEV, "replicas", 5),
    "replicas": Proposal(N_("operations: five replicas"), OPS, "replicas", 5),
    "node": Proposal(N_("operations: other nodes"), OPS, "node", "hdd"),
    "limit": Proposal(N_("operations: a limit of 512 MiB"), OPS, "memory limit", "512Mi"),
    "squeeze": Proposal(N_("operations: a limit of 128 MiB"), OPS, "memory limit", "128Mi"),
    "probe": Proposal(N_("operations: another probe path"), OPS, "readiness path", "/healthz"),
}


@explorable(
    "containers/portability/proposal",
    title=N_("May this side go ahead alone?"),
    predict=N_(
        "Operations lowers the memory limit to 128 MiB. The field is its own. Does the change go"
        " through?"
    ),
    controls=(
        Choice(
            name="proposal",
            label=N_("Change"),
            default="squeeze",
            options=tuple((name, one.label) for name, one in PROPOSALS.items()),
        ),
    ),
)
def proposal(proposal: str) -> View:
    """The specification before and after, and the fields that no longer fit."""
    one = PROPOSALS[proposal]
    ruling, after = one.ruling(), one.proposed()
    changed, unfit = _("changed"), _("does not fit the build")
    rows = []
    for name in FIELDS:
        values = [shown(contract, name) for contract in (CONTRACT, after)]
        state = unfit if name in ruling.broken else changed if values[0] != values[1] else ""
        cells = [
            fig.Cell(_(OWNERS[owner(name)])),
            fig.Cell(values[0]),
            fig.Cell(values[1], state, state == unfit),
        ]
        rows.append(fig.Row(head(name), cells))
    says = _verdict(one, ruling)
    picture = fig.table(
        (_("owner"), _("as it is"), _("as proposed")),
        rows,
        title=_(one.label),
        description=says,
        states=(changed, unfit),
    )
    return View((picture,), says)


def _verdict(one: Proposal, ruling: Ruling) -> str:
    if ruling.status == "accepted":
        return _("Accepted: no field of the other side changes.")
    if ruling.status == "refused":
        return _("Refused: the field is the other side's.")
    if one.field and owner(one.field) == BOTH and not ruling.broken:
        return _("Both have to agree: the field belongs to both.")
    return _("Both have to agree: {fields} would not fit the build.").format(
        fields=", ".join(map(written, ruling.broken))
    )
