"""How an update replaces pods: never more than this, never fewer ready than that."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from lab_kernel import figures as fig
from lab_kernel.cloud_native.rollout import CHANGED, Plan, update
from lab_kernel.errors import BadInput
from lab_kernel.explore import Toggle, View, Whole, Words, explorable
from lab_kernel.explore.cloud_native.rollout import wording
from lab_kernel.language import N_, _
from lab_kernel.trace import Trace

MOST = 8  # replicas, so that all rows fit into one picture


def share(text: str) -> str:
    """A number of pods, or a share of them, as a manifest has it."""
    word = text.strip()
    if not re.fullmatch(r"\d{1,2}|\d{1,3}%", word) or int(word.rstrip("%")) > 100:
        message = _("“{value}” is neither a number of pods nor a share like 25%")
        raise BadInput("share", message.format(value=text))
    if not word.endswith("%") and int(word) > MOST:
        raise BadInput("share", _("at most {most} pods fit into the picture").format(most=MOST))
    return word


class Result(NamedTuple):
    """What is kept of a run: figures, not the cluster."""

    pods: Trace
    ready: list[tuple[int, int]]
    wanted: list[tuple[int, int]]
    ceiling: int
    floor: int
    most: int
    least: int
    finished: float | None


@cache
def run(replicas: int, surge: str, unavailable: str, broken: bool) -> Result:
    done = update(
        Plan(
            replicas=replicas,
            surge=surge,
            unavailable=unavailable,
            broken=broken,
            rate=0,
            until=110,
        )
    )
    spec = done.cluster.deployment("web").spec
    return Result(
        done.pods(),
        done.counts("ready"),
        done.counts("pending", "not ready", "backoff", "ready"),
        replicas + spec.surge(),
        replicas - spec.unavailable(),
        done.most,
        done.least,
        done.finished,
    )


@explorable(
    "cloud-native/rollout/surge",
    title=N_("Old pods go, new ones come"),
    predict=N_(
        "Four replicas, maxSurge 25%, maxUnavailable 25%. How many pods are there at most, how many"
        " ready at least?"
    ),
    controls=(
        Whole(name="replicas", label=N_("Replicas"), low=1, high=MOST, default=4),
        Words(name="surge", label="maxSurge", default="25%", parse=share),
        Words(name="unavailable", label="maxUnavailable", default="25%", parse=share),
        Toggle(name="broken", label=N_("The new version has no image"), default="off"),
    ),
)
def surge(replicas: int, surge: str, unavailable: str, broken: bool) -> View:
    """The cluster's own controllers do it; the picture is what the store said."""
    if not int(surge.rstrip("%")) and not int(unavailable.rstrip("%")):
        raise BadInput("unavailable", _("both 0: no step would be allowed"))
    done = run(replicas, surge, unavailable, broken)
    ceiling, floor = done.ceiling, done.floor
    begin = round((CHANGED - 3) * 1000)
    end = round((done.finished + 8 if done.finished else 80) * 1000)
    rows = wording.pod_rows(done.pods, begin, end)
    if done.finished is None:
        came = _("the new version never gets ready, and the update stands still")
    else:
        came = _("after {seconds} only the new version is there").format(
            seconds=wording.seconds(round(done.finished - CHANGED))
        )
    says = _(
        "At most {ceiling} wanted and {floor} ready at the least are allowed. There were at most"
        " {most}, and {least} ready at the least; {came}."
    ).format(
        ceiling=wording.pods(ceiling), floor=floor, most=done.most, least=done.least, came=came
    )
    timeline = wording.timeline(rows, _("Every pod, as the cluster sees it"), says)
    lines = {
        _("ready"): done.ready,
        _("all but those being deleted"): done.wanted,
        _("floor"): [(begin, floor)],
        _("ceiling"): [(begin, ceiling)],
    }
    counts = fig.step_chart(
        [
            fig.Series(name, wording.until([p for p in points if p[0] < end], begin, end))
            for name, points in lines.items()
        ],
        title=_("Pods against floor and ceiling"),
        description=says,
        x_label=_("seconds"),
        y_label=_("pods"),
    )
    numbers = {"ceiling": ceiling, "most": done.most, "floor": floor, "least": done.least}
    return View((timeline, counts), says, numbers)
