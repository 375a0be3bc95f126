"""A short trouble that retries make last, and its cures."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.microservices.resilience import wording
from lab_kernel.language import N_, _
from lab_kernel.microservices.resilience.metastable import CURES, Plan
from lab_kernel.microservices.resilience.metastable import run as run_plan

NAMES = {
    "none": N_("nothing"),
    "backoff": N_("longer pauses"),
    "patience": N_("a longer timeout, 5 s"),
    "budget": N_("a retry budget of a tenth (Finagle's)"),
    "throttle": N_("gRPC's retry throttling"),
    "breaker": N_("a circuit breaker"),
    "bound": N_("a queue of at most five"),
    "deadline": N_("a deadline that travels along"),
    "controlled delay": N_("controlled delay"),
    "calm": N_("25 s of little load"),
}
TRIGGERS = {
    "slow": N_("four times slower for 10 s"),
    "rush": N_("four times the load for 10 s"),
    "none": N_("none at all"),
}


class Result(NamedTuple):
    """What is kept of a run: figures, not the cluster."""

    seconds: list[tuple[int, int, int]]
    before: float
    after: float
    stuck: bool
    recovered: int | None
    capacity: tuple[tuple[float, float], ...]  # requests a second, from when on


@cache
def run(load: int, attempts: int, cure: str, trigger: str) -> Result:
    done = run_plan(Plan(**{"load": load, "attempts": attempts, "trigger": trigger, **CURES[cure]}))
    seconds = [(each.begun, each.tries, each.good) for each in done.seconds]
    plan = done.plan
    slower = plan.slower if trigger == "slow" else 1
    able = plan.capacity
    capacity = ((0, able), (plan.begin, able / slower), (plan.end, able))
    return Result(seconds, done.before, done.after, done.stuck, done.recovered, capacity)


@explorable(
    "microservices/resilience/storm",
    title=N_("The trouble is over, the outage is not"),
    predict=N_(
        "A service can do 10 requests a second and gets 6. Each is tried three times, a second"
        " each. From second 10 to 20 the service is four times slower, then as fast as before. How"
        " many of the requests are answered in second 60?"
    ),
    controls=(
        Choice(name="cure", label=N_("Remedy"), default="none", options=tuple(NAMES.items())),
        Whole(name="load", label=N_("Requests a second"), low=1, high=9, default=6),
        Whole(name="attempts", label=N_("Tries for each request"), low=1, high=4, default=3),
        Choice(
            name="trigger", label=N_("Trouble"), default="slow", options=tuple(TRIGGERS.items())
        ),
    ),
)
def storm(cure: str, load: int, attempts: int, trigger: str) -> View:
    """Requests, tries and answers of a simulated cluster for 70 seconds."""
    done = run(load, attempts, cure, trigger)
    begun, tries, _good = (sum(numbers) for numbers in zip(*done.seconds, strict=True))
    if done.stuck:
        end = _("It does not come back by itself.")
    elif done.recovered is None:
        end = _("In these 70 seconds it does not get well.")
    elif done.recovered:
        end = _("From second {n} on it is well.").format(n=done.recovered)
    else:
        end = _("It stays well.")
    says = _(
        "Answered in time: {before} of the requests before the trouble, {after} at the end. {tries}"
        " for {requests}. {end}"
    ).format(
        before=wording.whole_percent(done.before),
        after=wording.whole_percent(done.after),
        tries=wording.tries(tries),
        requests=wording.requests(begun),
        end=end,
    )
    picture = wording.rates(
        done.seconds,
        done.capacity,
        _("10 a second can be done; trouble from second 10 to 20"),
        says,
        every=2,
    )
    numbers = {"before": done.before, "after": done.after, "tries": tries, "requests": begun}
    return View((picture,), says, numbers)
