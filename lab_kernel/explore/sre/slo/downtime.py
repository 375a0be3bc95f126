"""What a target leaves, for any period, and for a service that is partly up."""

from __future__ import annotations

from fractions import Fraction

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, Words, explorable
from lab_kernel.explore.sre.slo import wording
from lab_kernel.explore.wording import counted
from lab_kernel.language import N_, _
from lab_kernel.sre.slo.availability import DAYS, allowed, written
from lab_kernel.sre.slo.budget import decimal, share_of

REQUESTS = 1_000_000


@explorable(
    "sre/slo/downtime",
    title=N_("What a target leaves"),
    predict=N_(
        "99.9% for 30 days: how long may the service be down? And for how long may a tenth of the"
        " requests fail instead?"
    ),
    controls=(
        Words(name="target", label=N_("Target, percent"), default="99.9", parse=wording.target),
        Whole(
            name="failing",
            label=N_("Failing in an incident, percent"),
            low=1,
            high=100,
            default=10,
        ),
    ),
)
def downtime(target: str, failing: int) -> View:
    """The table of nines for one target, in two readings."""
    share = wording.share(target)
    part = Fraction(failing, 100)
    rows = []
    for days in DAYS:
        minutes = allowed(share, 1440 * days)
        longer = min(minutes / part, Fraction(1440 * days))
        cells = [fig.Cell(written(minutes)), fig.Cell(written(longer))]
        rows.append(fig.Row(counted(days, N_("{n} day"), N_("{n} days")), cells))
    minutes = allowed(share, 30 * 1440)
    says = _(
        "{target}% of 30 days leaves {time} of all requests failing, or {longer} of {failing}%"
        " failing. Of a million requests {failures} may fail, whenever that is."
    ).format(
        target=target,
        time=written(minutes),
        longer=written(min(minutes / part, Fraction(30 * 1440))),
        failing=failing,
        failures=decimal(share_of(share) * REQUESTS, 1),
    )
    table = fig.table(
        [_("down altogether"), _("{failing}% failing").format(failing=failing)],
        rows,
        title=_("Allowed in each period"),
        description=says,
    )
    return View((table,), says, {"minutes": float(minutes)})
