"""The rule of the horizontal pod autoscaler, as a calculator."""

from __future__ import annotations

from fractions import Fraction

from lab_kernel import figures as fig
from lab_kernel.cloud_native.autoscale import Advice, Reading, State, Tolerance, advise
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.explore.cloud_native.autoscaling.wording import replicas as replicas_
from lab_kernel.explore.wording import percent
from lab_kernel.language import N_, _

REQUEST = 1000
HIGHEST = 200


def advice(ready: int, use: int, target: int, tolerance: int, unready: int, missing: int) -> Advice:
    """``use``, ``target`` and ``tolerance`` in percent; every pod requests the same."""
    readings = [Reading(REQUEST * use // 100, REQUEST)] * ready
    readings += [Reading(0, REQUEST, State.UNREADY)] * unready
    readings += [Reading(0, REQUEST, State.MISSING)] * missing
    edge = Fraction(tolerance, 100)
    return advise(len(readings), readings, target, tolerance=Tolerance(edge, edge))


@explorable(
    "cloud-native/autoscaling/rule",
    title=N_("The rule, worked out"),
    predict=N_(
        "Ten ready pods use 54% of what they request, and the target is 50%. How many will there"
        " be? And at 56%?"
    ),
    controls=(
        Whole(name="ready", label=N_("Ready pods"), low=1, high=30, default=10),
        Whole(
            name="use", label=N_("Use, percent of the requests"), low=0, high=HIGHEST, default=54
        ),
        Whole(name="target", label=N_("Target, percent"), low=10, high=100, default=50),
        Whole(name="tolerance", label=N_("Tolerance, percent"), low=0, high=30, default=10),
        Whole(name="unready", label=N_("Pods that are not ready yet"), low=0, high=10, default=0),
        Whole(name="missing", label=N_("Pods without a metric"), low=0, high=10, default=0),
    ),
)
def rule(ready: int, use: int, target: int, tolerance: int, unready: int, missing: int) -> View:
    """What is asked for at this use, and at every other."""
    now = ready + unready + missing
    found = advice(ready, use, target, tolerance, unready, missing)
    assert found.replicas is not None and found.ratio is not None
    plain = Fraction(use, target)
    says = _("{use}% / {target}% = {ratio}").format(
        use=use, target=target, ratio=f"{float(plain):.2f}"
    )
    if found.ratio != plain:
        says += "; " + _("with the other pods counted in {ratio}").format(
            ratio=f"{float(found.ratio):.2f}"
        )
    says += ": "
    if found.replicas == now:
        within = Tolerance(Fraction(tolerance, 100), Fraction(tolerance, 100)).covers(found.ratio)
        says += (
            _("within the tolerance of {tolerance}").format(tolerance=percent(tolerance / 100))
            if within
            else _("no change")
        )
        says += ", " + _("it stays at {replicas}.").format(replicas=replicas_(now))
    else:
        says += _("from {now} to {replicas}.").format(now=now, replicas=replicas_(found.replicas))
    curve = []
    for each in range(0, HIGHEST + 1, 2):
        wanted = advice(ready, each, target, tolerance, unready, missing).replicas
        curve.append((float(each), float(wanted or 0)))
    picture = fig.step_chart(
        [
            fig.Series(_("asked for"), curve),
            fig.Series(_("now"), [(0.0, float(now)), (float(HIGHEST), float(now))]),
            fig.Series(_("here"), [(float(use), float(found.replicas))]),
        ],
        title=_("Replicas asked for, by the use of the ready pods"),
        description=says,
        x_label=_("percent of the requests"),
        y_label=_("replicas"),
    )
    return View((picture,), says)
