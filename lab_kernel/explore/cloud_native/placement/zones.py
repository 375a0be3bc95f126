"""Pods over three zones: as even as the constraint says, or Pending."""

from __future__ import annotations

from collections import Counter

from lab_kernel import figures as fig
from lab_kernel.cloud_native.objects.nodes import ZONE
from lab_kernel.cloud_native.placement import Scheduler, Unschedulable, node, pod, spread_by
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.cloud_native.placement.wording import pods
from lab_kernel.language import N_, _

ZONES = ("z1", "z2", "z3")
APP = {"app": "web"}


def place(
    replicas: int, skew: int, when: str, small: int, cordoned: str
) -> tuple[Counter[str], Unschedulable | None]:
    """How many each zone got, and why the first that is Pending is."""
    sizes = {"z1": 8, "z2": 8, "z3": small}
    scheduler = Scheduler(
        node(f"{zone}-node", 16, "64Gi", sizes[zone], zone, unschedulable=zone == cordoned)
        for zone in ZONES
    )
    spread = (spread_by(ZONE, APP, skew, when == "DoNotSchedule"),) if when != "none" else ()
    got, refused = Counter(dict.fromkeys(ZONES, 0)), None
    for number in range(replicas):
        one = pod(f"web-{number}", 1, "1Gi", APP, topology_spread_constraints=spread)
        answer = scheduler.place(one)
        if isinstance(answer, Unschedulable):
            refused = refused or answer
        else:
            got[answer[:2]] += 1
    return got, refused


@explorable(
    "cloud-native/placement/zones",
    title=N_("Evenly over zones"),
    predict=N_(
        "Nine pods over three zones with maxSkew 1, and the third zone has room for one. How many"
        " of them run?"
    ),
    controls=(
        Whole(name="replicas", label=N_("Pods"), low=1, high=16, default=9),
        Whole(name="skew", label=N_("maxSkew"), low=1, high=5, default=1),
        Choice(
            name="when",
            label=N_("If it cannot be kept"),
            default="DoNotSchedule",
            options=(
                ("DoNotSchedule", N_("DoNotSchedule: Pending")),
                ("ScheduleAnyway", N_("ScheduleAnyway: fewer points")),
                ("none", N_("no constraint")),
            ),
        ),
        Whole(name="room", label=N_("Room in zone z3 (pods)"), low=0, high=8, default=1),
        Choice(
            name="cordoned",
            label=N_("Cordoned"),
            default="none",
            options=(("none", N_("nothing")), *((zone, zone) for zone in ZONES)),
        ),
    ),
)
def zones(replicas: int, skew: int, when: str, room: int, cordoned: str) -> View:
    """Bars of pods in each zone."""
    got, refused = place(replicas, skew, when, room, cordoned)
    placed = got.total()
    says = _("{placed} of {pods} run; the zones differ by {skew}.").format(
        placed=placed, pods=pods(replicas), skew=max(got.values()) - min(got.values())
    )
    if refused is not None:
        says += " " + _("The first that is Pending: {why}").format(why=refused)
    rows = [fig.Bar(zone, [(_("pods"), got[zone])]) for zone in ZONES]
    rows.append(fig.Bar("Pending", [("Pending", replicas - placed)]))
    picture = fig.bars(
        rows,
        title=_("Pods in each zone"),
        description=says + " " + ", ".join(f"{zone}: {got[zone]}" for zone in ZONES) + ".",
        kinds=(_("pods"), "Pending"),
    )
    return View((picture,), says)
