"""Five ways to choose a server: the tail, and how full the servers are."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.explore.microservices.balancing.wording import POLICIES
from lab_kernel.language import N_, _
from lab_kernel.microservices.balancing import known
from lab_kernel.microservices.balancing.policies import POLICIES as MAKERS
from lab_kernel.microservices.balancing.servers import simulate
from lab_kernel.percentile import percentile

REQUESTS = 6000
MOST = 8  # requests at one server, in the second picture


class Result(NamedTuple):
    """What is kept of a run."""

    mean: float
    tail: float
    longest: int
    shares: list[float]


@cache
def run(policy: str, servers: int, load: int) -> Result:
    done = simulate(MAKERS[policy](), servers, load / 100, REQUESTS)
    shares = [1.0, *(done.at_least(n) for n in range(1, MOST + 1))]
    return Result(done.mean, percentile(done.stays, 99), done.longest, shares)


@explorable(
    "microservices/balancing/policies",
    title=N_("Who gets the next request?"),
    predict=N_(
        "Twenty servers, each busy for 80% of its time. A balancer that draws two of them and takes"
        " the shorter queue: is it nearer to choosing at random, or to looking at all of them?"
    ),
    controls=(
        Whole(name="servers", label=N_("Servers"), low=1, high=50, default=20),
        Whole(name="load", label=N_("Load, per cent"), low=30, high=90, default=80),
    ),
)
def policies(servers: int, load: int) -> View:
    """The same moments and the same work for each of the five."""
    runs = {name: run(name, servers, load) for name in POLICIES}
    says = _(
        "One request in a hundred stays longer than {random} service times at random, {two} with"
        " the best of two, and {least} with the least loaded of all."
    ).format(**{name: f"{done.tail:.1f}" for name, done in runs.items()})
    tails = fig.bars(
        [fig.Bar(_(POLICIES[name]), [("p99", done.tail)]) for name, done in runs.items()],
        title=_("99th percentile of the stay, in mean service times"),
        description=says,
        total=lambda value: f"{value:.1f}",
    )
    lines = {}
    for name, choices in (("random", 1), ("two", 2)):
        values = {"policy": _(POLICIES[name])}
        lines[_("{policy}, simulated").format(**values)] = runs[name].shares
        lines[_("{policy}, endless servers").format(**values)] = [
            known.at_least(n, load / 100, choices) for n in range(MOST + 1)
        ]
    queues = fig.line_chart(
        [fig.Series(name, [(n, 100 * s) for n, s in enumerate(v)]) for name, v in lines.items()],
        title=_("How many servers have at least so many requests"),
        description="; ".join(
            f"{name}: " + ", ".join(f"{100 * share:.1f}%" for share in values)
            for name, values in lines.items()
        ),
        x_label=_("requests at the server"),
        y_label=_("% of the servers"),
    )
    numbers = {name: round(done.tail, 3) for name, done in runs.items()}
    return View((tails, queues), says, numbers)
