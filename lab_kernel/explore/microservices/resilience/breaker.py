"""A circuit breaker's states while a service fails."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import groupby, pairwise

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.explore.wording import counted
from lab_kernel.language import N_, _
from lab_kernel.microservices.resilience.breaker import CLOSED, HALF_OPEN, OPEN
from lab_kernel.microservices.resilience.breaking import ANSWERED, FAILED, NOT_SENT, Outcome, Plan
from lab_kernel.microservices.resilience.breaking import run as run_plan
from lab_kernel.trace import Event, Trace

ROWS = {
    ANSWERED: N_("requests answered"),
    FAILED: N_("calls that failed"),
    NOT_SENT: N_("requests not sent"),
}
STATES = {CLOSED: N_("closed"), HALF_OPEN: N_("half open"), OPEN: N_("open")}

# A colour for what it means, whether of the breaker or of a request.
WELL, FAILURE, TRIAL, KEPT = (
    N_("all is well"),
    N_("failure"),
    N_("trial"),
    N_("nothing is sent"),
)
MEANING = {
    CLOSED: WELL,
    ANSWERED: WELL,
    FAILED: FAILURE,
    HALF_OPEN: TRIAL,
    OPEN: KEPT,
    NOT_SENT: KEPT,
}


@cache
def run(failing: int, threshold: int, wait: int, trial: int) -> Outcome:
    plan = Plan(failing=failing, threshold=threshold, wait=wait * 1000, trial=trial)
    return run_plan(plan)


@explorable(
    "microservices/resilience/breaker",
    title=N_("A breaker opens, and tries"),
    predict=N_(
        "Four requests a second. From second 8 to 20 the service fails every one. The breaker opens"
        " at half of the last ten, for 5 seconds, and then lets three calls through. How many calls"
        " fail in these 12 seconds? In which second are requests answered again?"
    ),
    controls=(
        Whole(name="failing", label=N_("Fails, per cent"), low=0, high=100, default=100),
        Whole(name="threshold", label=N_("Opens at, per cent"), low=1, high=100, default=50),
        Whole(name="wait", label=N_("Stays open, seconds"), low=1, high=15, default=5),
        Whole(name="trial", label=N_("Calls in a trial"), low=1, high=10, default=3),
    ),
)
def breaker(failing: int, threshold: int, wait: int, trial: int) -> View:
    """The breaker's states above the requests: how many, by what became of them."""
    done = run(failing, threshold, wait, trial)
    later = [time for time, outcome in done.requests if outcome == ANSWERED and time >= 20_000]
    says = _(
        "{answered} requests were answered, {failed} failed, {kept} were not sent. The breaker"
        " opened {opened}; {again}"
    ).format(
        answered=done.count(ANSWERED),
        failed=done.count(FAILED),
        kept=done.count(NOT_SENT),
        opened=counted(
            sum(state == OPEN for _time, state in done.states), N_("{n} time"), N_("{n} times")
        ),
        again=_("after the trouble the first answer came in second {n}.").format(n=later[0] // 1000)
        if later
        else _("after the trouble no answer came."),
    )
    picture = fig.timeline(
        _rows(done),
        title=_("The service fails from second 8 to 20"),
        description=says,
        x_label=_("seconds"),
        unit=1000,
        kinds=[_(name) for name in (WELL, FAILURE, TRIAL, KEPT)],
    )
    numbers = {each: done.count(each) for each in (ANSWERED, FAILED, NOT_SENT)}
    return View((picture,), says, numbers)


def _rows(done: Outcome) -> Trace:
    end = round(done.plan.seconds * 1000)
    states = [
        Event(time, max(later - time, 50), _("its breaker"), _(MEANING[state]), _(STATES[state]))
        for (time, state), (later, _state) in pairwise([*done.states, (end, "")])
    ]
    bars = [
        Event(begin * 1000, (end - begin) * 1000, _(row), _(MEANING[outcome]), str(number))
        for outcome, row in ROWS.items()
        for begin, end, number in _stretches(done, outcome)
    ]
    return Trace([*states, *bars])


def _stretches(done: Outcome, outcome: str) -> Iterator[tuple[int, int, int]]:
    """Seconds in a row in which requests ended so: from, to, and how many requests."""
    found = Counter(time // 1000 for time, each in done.requests if each == outcome)
    # in a row the distance to the position in the list stays the same
    for _distance, run in groupby(enumerate(sorted(found)), lambda pair: pair[1] - pair[0]):
        seconds = [second for _n, second in run]
        yield seconds[0], seconds[-1] + 1, sum(found[second] for second in seconds)
