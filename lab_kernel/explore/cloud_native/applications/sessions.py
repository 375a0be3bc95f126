"""Replicas of the application, a load balancer, and the carts that go missing."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.cloud_native.replicas import ROUND_ROBIN, STICKY, serve
from lab_kernel.cloud_native.samples import LEGACY, NEW, fixed
from lab_kernel.explore import Choice, Toggle, View, Whole, explorable
from lab_kernel.language import N_, _

APPLICATIONS = {
    "legacy": (N_("as it has grown"), LEGACY),
    "config": (N_("configuration from the environment"), fixed(LEGACY, ["config"])),
    "state": (N_("carts in the backing service, too"), fixed(LEGACY, ["config", "state"])),
    "new": (N_("begun today"), NEW),
}
HALF = 30  # the request before which a replica dies


@explorable(
    "cloud-native/applications/sessions",
    title=N_("Three replicas and a shopping cart"),
    predict=N_(
        "The old application runs well in one process. Now three of them share the customers. How"
        " many of twelve customers miss something in their carts?"
    ),
    controls=(
        Choice(
            name="application",
            label=N_("Application"),
            default="legacy",
            options=tuple((name, label) for name, (label, _app) in APPLICATIONS.items()),
        ),
        Whole(name="replicas", label=N_("Replicas"), default=3, low=1, high=6),
        Choice(
            name="balancer",
            label=N_("The load balancer sends a customer"),
            default=ROUND_ROBIN,
            options=(
                (ROUND_ROBIN, N_("to the next replica in turn")),
                (STICKY, N_("always to the same replica")),
            ),
        ),
        Toggle(name="dies", label=N_("the last replica dies half-way"), default="off"),
    ),
)
def sessions(application: str, replicas: int, balancer: str, dies: bool) -> View:
    """Whole and incomplete carts, replica by replica."""
    run = serve(
        APPLICATIONS[application][1],
        replicas,
        balancer=balancer,
        dies_at=HALF if dies else None,
    )
    whole, incomplete = _("whole cart"), _("something is missing")
    bars = []
    for replica in range(replicas):
        mine = [each for each in run.requests if each.replica == replica]
        good = sum(each.complete for each in mine)
        parts = [(whole, good), (incomplete, len(mine) - good)]
        label = _("replica {n}").format(n=replica + 1)
        bars.append(fig.Bar(label, [part for part in parts if part[1]]))
    says = _("{lost} of {all} customers missed something in their carts.").format(
        lost=len(run.lost), all=len(run.sessions)
    )
    picture = fig.bars(
        bars,
        title=_("Answers of each replica"),
        description=says,
        kinds=(whole, incomplete),
    )
    return View((picture,), says)
