"""The race at the end of a pod: SIGTERM against the news for the gateway."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.cloud_native.one_pod import DELETED, Shutdown
from lab_kernel.cloud_native.one_pod import shutdown as run_shutdown
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.explore.cloud_native.rollout import wording
from lab_kernel.language import N_, _
from lab_kernel.trace import Event, Trace

# In the order of their looks: a circle for what went well, a cross for what was lost.
KINDS = (
    N_("answered in time"),
    N_("is on it"),
    N_("serving"),
    N_("preStop: goes on serving"),
    N_("lost"),
    N_("ending"),
)
BEFORE, SHOWN = 2, 16  # seconds before the deletion, and in all


@cache
def run(pre_stop: int, delay: int, stop: int, grace: int) -> Shutdown:
    return run_shutdown(pre_stop=pre_stop, delay=delay, stop=stop, grace=grace, rate=10)


@explorable(
    "cloud-native/rollout/shutdown",
    title=N_("The race at the end of a pod"),
    predict=N_(
        "A pod is deleted. Its program gets SIGTERM at once, and the gateway hears of it after two"
        " seconds. What becomes of the requests in between? How long has preStop to sleep?"
    ),
    controls=(
        Whole(name="pre_stop", label=N_("preStop sleeps, seconds"), low=0, high=12, default=0),
        Whole(name="delay", label=N_("The news takes, seconds"), low=0, high=8, default=2),
        Whole(name="stop", label=N_("The program ends within, seconds"), low=0, high=8, default=1),
        Whole(name="grace", label=N_("Grace period, seconds"), low=1, high=12, default=12),
    ),
)
def shutdown(pre_stop: int, delay: int, stop: int, grace: int) -> View:
    """One of two pods is deleted while ten requests come in each second."""
    done = run(pre_stop, delay, stop, grace)
    says = _(
        "SIGTERM after {sigterm} s, the last process gone after {ended} s; the gateway sends"
        " requests there until {learned} s. Lost: {lost}."
    ).format(
        sigterm=f"{done.sigterm:.0f}",
        ended=f"{done.ended:.0f}",
        learned=f"{done.learned:.0f}",
        lost=wording.requests(done.late),
    )
    picture = fig.timeline(
        _rows(done, pre_stop),
        title=_("The pod is deleted in second {n}").format(n=BEFORE),
        description=says,
        x_label=_("seconds"),
        unit=1000,
        kinds=[_(name) for name in KINDS],
    )
    numbers = {"lost": done.late, "SIGTERM": done.sigterm, "ended": done.ended}
    return View((picture,), says, numbers)


def _rows(done: Shutdown, pre_stop: int) -> Trace:
    """What the gateway believes, what the pod does, and its requests by how they ended."""
    rows = [
        _bar(-BEFORE, done.learned, _("gateway's list"), _("is on it")),
        _bar(-BEFORE, 0, _("pod"), _("serving")),
    ]
    if pre_stop:
        rows.append(_bar(0, done.sigterm, _("pod"), _("preStop: goes on serving")))
    rows.append(_bar(done.sigterm, done.ended, _("pod"), _("ending")))
    for each in done.requests:
        second = each.accepted / 1000 - DELETED
        if each.tries and each.tries[-1][0] == done.pod and -BEFORE <= second < SHOWN - BEFORE:
            kind = _("lost") if each.lost else _("answered in time")
            at = round((second + BEFORE) * 1000)
            rows.append(Event(at, 0, _("requests to it"), kind, each.tries[-1][1]))
    return Trace(row for row in rows if row is not None)


def _bar(begin: float, end: float, row: str, kind: str) -> Event:
    start, over = round((begin + BEFORE) * 1000), round((end + BEFORE) * 1000)
    return Event(start, max(over - start, 50), row, kind, kind)
