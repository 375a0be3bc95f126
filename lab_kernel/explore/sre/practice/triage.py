"""Three services, two releases, one of them bad."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.language import N_, _
from lab_kernel.sre.practice.triage import BEGIN, END, SERVICES, Case, case, investigate
from lab_kernel.trace import Trace

STEP = 5  # seconds


@explorable(
    "sre/practice/triage",
    title=N_("Which release was it?"),
    predict=N_(
        "Users see errors. Two of three services got a release within half a minute. Which lines do"
        " you need, and what would convince somebody else?"
    ),
    controls=(Whole(name="incident", label=N_("Another incident"), low=0, high=19, default=0),),
)
def triage(incident: int) -> View:
    """What four queries find, one after the other."""
    given = case(incident)
    found = investigate(given.trace)
    released = sorted(given.changes, key=lambda name: given.changes[name])
    moments = ", ".join(f"{name} {given.changes[name]:.0f} s" for name in released)
    says = _(
        "Releases: {moments}. Errors come from {service} alone, since second {since}, all from pods"
        " of {set}; that replica set began in second {changed}."
    ).format(
        moments=moments,
        service=found.service,
        since=f"{found.since:.0f}",
        set=found.replica_set,
        changed=f"{found.changed:.0f}",
    )
    picture = fig.step_chart(
        [
            *(fig.Series(name, ratios(given.trace, name)) for name in SERVICES),
            *(fig.Series(_release(name, given), _mark(given.changes[name])) for name in released),
        ],
        title=_("Error ratio of each service, per cent"),
        description=says,
        x_label=_("seconds"),
        y_label="%",
    )
    return View((picture,), says, {"since": found.since, "changed": found.changed})


def _release(name: str, given: Case) -> str:
    second = f"{given.changes[name]:.0f}"
    return _("release of {name}, {second} s").format(name=name, second=second)


def _mark(second: float) -> list[tuple[float, float]]:
    """An upright line."""
    return [(second, 0.0), (second, 100.0)]


def ratios(trace: Trace, service: str) -> list[tuple[float, float]]:
    """Lost requests of those accepted in each five seconds, per cent."""
    points = []
    requests = trace.where(track=f"gateway/{service}")
    for begin in range(int(BEGIN), int(END) - STEP, STEP):
        some = [e for e in requests if begin <= e.time / 1000 < begin + STEP]
        lost = sum(event.kind == "lost" for event in some)
        points.append((float(begin), 100 * lost / len(some) if some else 0.0))
    return points
