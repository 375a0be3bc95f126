"""What a real server showed: more requests, more use; and at its limit, only more waiting."""

from __future__ import annotations

from typing import Any

from lab_kernel import figures as fig
from lab_kernel import host
from lab_kernel.cloud_native.autoscale import desired
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.cloud_native.autoscaling.wording import replicas
from lab_kernel.language import N_, _

WORKERS = ("1", "2", "4")


def entries(workers: str) -> list[dict[str, Any]]:
    """The recorded steps with so many workers, the slowest load first."""
    found = [
        one for one in host.recording("scaling").data.values() if one["workers"] == int(workers)
    ]
    return sorted(found, key=lambda one: int(one["rate"]))


@explorable(
    "cloud-native/autoscaling/recorded",
    title=N_("A real server under a growing load"),
    predict=N_(
        "A worker may use 200m of CPU and requests 100m. At 80 requests a second it is at 168% of"
        " its request. What will the metric say at 160 requests a second? And the clients?"
    ),
    controls=(
        Choice(
            name="workers",
            label=N_("Workers"),
            default="1",
            options=tuple((one, one) for one in WORKERS),
        ),
        Whole(name="target", label=N_("Target, percent of the requests"), low=20, high=200,
              default=80),
    ),
)  # fmt: skip
def recorded(workers: str, target: int) -> View:
    """Use of the requests and answer times by load; and what the rule would ask for."""
    steps, source = entries(workers), host.recording("scaling").source
    last = steps[-1]
    says = _(
        "At {rate} requests a second: {use}% of the requests, {served} answered a second, median"
        " {median} milliseconds. The rule would ask for {replicas}."
    ).format(
        rate=last["rate"],
        use=last["utilization"],
        served=f"{last['served']:g}",
        median=f"{last['median']:,g}",
        replicas=replicas(desired(int(workers), last["utilization"], target)),
    )
    told = "; ".join(
        _(
            "{rate} a second: {use}%, median {median} milliseconds, throttled in {part} of {all}"
            " periods"
        ).format(
            rate=one["rate"],
            use=one["utilization"],
            median=f"{one['median']:,g}",
            part=one["throttled"],
            all=one["periods"],
        )
        for one in steps
    )
    rows = [
        (_("{rate} a second").format(rate=one["rate"]), one["utilization"], one["median"])
        for one in steps
    ]
    use = fig.bars(
        [fig.Bar(label, [(_("percent"), part)]) for label, part, _median in rows],
        title=_("CPU used, percent of the requests"),
        description=f"{told}. {source}.",
    )
    waits = fig.bars(
        [fig.Bar(label, [(_("milliseconds"), median)]) for label, _part, median in rows],
        title=_("Half of the answers came within so many milliseconds"),
        description=f"{told}. {source}.",
    )
    return View((use, waits), says)
