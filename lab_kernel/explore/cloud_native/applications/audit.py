"""The twelve factors, checked on an application that really runs."""

from __future__ import annotations

from typing import Any

from lab_kernel import figures as fig
from lab_kernel.cloud_native.audit import CODE, audit
from lab_kernel.cloud_native.factors import FACTORS
from lab_kernel.cloud_native.samples import FIXES, LEGACY, NEW, fixed
from lab_kernel.explore import Choice, Toggle, View, explorable
from lab_kernel.language import N_, _

SAMPLES = {"legacy": LEGACY, "new": NEW}


@explorable(
    "cloud-native/applications/audit",
    title=N_("Twelve questions to an application"),
    predict=N_(
        "The old application keeps an address, a key and its carts in its code. How many of the"
        " twelve factors does it fail in all?"
    ),
    controls=(
        Choice(
            name="application",
            label=N_("Application"),
            default="legacy",
            options=(("legacy", N_("as it has grown")), ("new", N_("begun today"))),
        ),
        *(Toggle(name=name, label=fix.label, default="off") for name, fix in FIXES.items()),
    ),
)
def factors(application: str, **fixes: Any) -> View:
    """Each factor with the lines that fail it."""
    changed = fixed(SAMPLES[application], [name for name, wanted in fixes.items() if wanted])
    found = audit(changed)
    passes, fails = _("passes"), _("fails")
    where = {CODE: _("line {n}"), "manifest": _("manifest, line {n}")}
    rows = []
    for factor in FACTORS:
        mine = [one for one in found if one.factor == factor.number]
        lines = ", ".join(where[one.where].format(n=one.line) for one in mine)
        state = fails if mine else passes
        head = f"{factor.roman} {_(factor.title)}"
        rows.append(fig.Row(head, [fig.Cell(lines or _("passes"), state)]))
    count = len({one.factor for one in found})
    if not found:
        says = _("Twelve of twelve factors pass.")
    else:
        says = _("{n} of twelve factors fail. The first: {first}.").format(
            n=count, first=str(found[0])
        )
    picture = fig.table(
        ("",),
        rows,
        title=_("The twelve factors"),
        description=" ".join([says, *(f"{one}." for one in found[1:])]),
        states=(passes, fails),
    )
    return View((picture,), says)
