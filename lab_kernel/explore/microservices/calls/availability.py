"""How often a request is answered that needs several services."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.wording import percent
from lab_kernel.language import N_, _
from lab_kernel.microservices.availability import enough, interval, measured
from lab_kernel.microservices.service import Group, Service

MOST = 10
REQUESTS = 200
NEEDS = {
    "all": N_("all of them"),
    "half": N_("more than half"),
    "one": N_("any one of them"),
}
FAILS = {"0.1": 0.001, "1": 0.01, "5": 0.05, "20": 0.2}


def needed(needs: str, services: int) -> int:
    return {"all": services, "half": services // 2 + 1, "one": 1}[needs]


@cache
def run(services: int, fails: str, needs: str) -> tuple[int, int]:
    """(answered, asked) on the cluster: one service asks so many others side by side."""
    names = [f"s{number}" for number in range(services)]
    group = Group(*names, needs=needed(needs, services))
    rest = [Service(name, 1, workers=4, fails=FAILS[fails]) for name in names]
    return measured([Service("front", 1, workers=8, calls=(group,)), *rest], REQUESTS, seed=1)


@explorable(
    "microservices/calls/availability",
    title=N_("The more are needed"),
    predict=N_(
        "Five services each fail 5% of their requests. What share is answered if all five are"
        " needed? And if any one will do?"
    ),
    controls=(
        Whole(name="services", label=N_("Services that are asked"), low=1, high=MOST, default=5),
        Choice(
            name="fails",
            label=N_("Each of them fails"),
            options=tuple((each, f"{each}%") for each in FAILS),
            default="5",
        ),
        Choice(
            name="needs",
            label=N_("An answer needs"),
            options=tuple(NEEDS.items()),
            default="all",
        ),
    ),
)
def availability(services: int, fails: str, needs: str) -> View:
    """The formula for one to ten services, and requests counted on the simulated cluster."""
    share = 1 - FAILS[fails]
    right = enough([share] * services, needed(needs, services))
    answered, asked = run(services, fails, needs)
    low, high = interval(answered, asked)
    digits = 0 if high - low > 0.05 else 1  # no finer than the interval is wide
    says = _(
        "By the formula {share} of the requests are answered. On the cluster it was {answered} of"
        " {asked}: a 95% interval from {low} to {high}."
    ).format(
        share=percent(right),
        answered=answered,
        asked=asked,
        low=f"{low:.{digits}%}",
        high=f"{high:.{digits}%}",
    )
    picture = fig.line_chart(
        [
            fig.Series(
                _(label),
                [(n, 100 * enough([share] * n, needed(name, n))) for n in range(1, MOST + 1)],
            )
            for name, label in NEEDS.items()
        ],
        title=_("Requests answered, by how many services are asked"),
        description=says,
        x_label=_("services"),
        y_label="%",
        y_from_zero=False,
    )
    return View((picture,), says, {"expected": right, "answered": answered, "asked": asked})
