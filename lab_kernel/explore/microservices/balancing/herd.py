"""What old news does to a balancer that follows it."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.explore import Toggle, View, Whole, explorable
from lab_kernel.explore.microservices.balancing.wording import POLICIES
from lab_kernel.language import N_, _
from lab_kernel.microservices.balancing.policies import POLICIES as MAKERS
from lab_kernel.microservices.balancing.servers import simulate

SERVERS, REQUESTS = 20, 4000
AGES = (0, 1, 2, 4, 8, 12, 16)
SHOWN = ("random", "two", "least")
WATCHED, LENGTH = 3, 40  # servers in the second picture, and its length in service times


@cache
def stay(policy: str, load: int, age: int, remembers: bool) -> float:
    if policy == "random":
        age = 0  # it does not look
    if age == 0:
        remembers = False  # nothing to remember
    return _stay(policy, load, age, remembers)


@cache
def _stay(policy: str, load: int, age: int, remembers: bool) -> float:
    return simulate(MAKERS[policy](), SERVERS, load / 100, REQUESTS, age, remembers).mean


@cache
def lengths(load: int, age: int, remembers: bool) -> list[list[tuple[float, int]]]:
    """Queues of the servers watched: (time, requests there)."""
    policy = MAKERS["least"]()
    seen = simulate(
        policy, SERVERS, load / 100, SERVERS * LENGTH, age, remembers, watched=WATCHED
    ).seen
    begin = seen[0][0]
    near = [(t - begin, there) for t, there in seen if t - begin <= LENGTH * 0.8]
    return [[(round(t, 2), there[n]) for t, there in near] for n in range(WATCHED)]


@explorable(
    "microservices/balancing/herd",
    title=N_("Everybody to the emptiest server"),
    predict=N_(
        "The balancer looks at all twenty queues, but only now and then. In between it sends"
        " everything to those that were shortest. From which age of the news on would it do better"
        " to choose at random?"
    ),
    controls=(
        Whole(name="age", label=N_("Looks every … service times"), low=0, high=16, default=8),
        Whole(name="load", label=N_("Load, per cent"), low=30, high=90, default=80),
        Toggle(name="remembers", label=N_("It counts what it has sent"), default="off"),
    ),
)
def herd(age: int, load: int, remembers: bool) -> View:
    """The mean by the age of the news; and three queues at this age."""
    ages = sorted({*AGES, age})
    curves = {name: [stay(name, load, a, remembers) for a in ages] for name in SHOWN}
    here = {name: stay(name, load, age, remembers) for name in SHOWN}
    says = _(
        "With news up to {age} service times old a request stays {least} service times on average"
        " if it follows the least loaded, {two} with the best of two, and {random} at random."
    ).format(age=age, **{name: f"{value:.1f}" for name, value in here.items()})
    means = fig.line_chart(
        [
            fig.Series(_(POLICIES[name]), list(zip(ages, values, strict=True)))
            for name, values in curves.items()
        ],
        title=_("Mean stay by the age of the news, in service times"),
        description=says,
        x_label=_("service times from one look to the next"),
        y_label=_("mean stay"),
    )
    watched = fig.step_chart(
        [
            fig.Series(_("server {n}").format(n=n + 1), points)
            for n, points in enumerate(lengths(load, age, remembers))
        ],
        title=_("Three of the queues, least loaded"),
        description=_("At most {most} requests at one of the three.").format(
            most=max(n for points in lengths(load, age, remembers) for _t, n in points)
        ),
        x_label=_("service times"),
        y_label=_("requests at the server"),
    )
    return View((means, watched), says, {name: round(value, 3) for name, value in here.items()})
