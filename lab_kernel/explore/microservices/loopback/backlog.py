"""What piles up at a service that is too slow for a while, and how long it takes to go."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.explore.microservices.loopback.slow import simulated
from lab_kernel.host.loopback import SHOP, SlowDependency
from lab_kernel.language import N_, _

STEP = 100  # ms between two counts


@explorable(
    "microservices/loopback/backlog",
    title=N_("The backlog of a slow service"),
    predict=N_(
        "40 requests a second come, and for four seconds stock answers only 10 a second. How many"
        " requests wait when it is fast again? And for how long do clients still notice?"
    ),
    controls=(
        Whole(name="slow", label=N_("Stock while it is slow, ms"), low=8, high=800, default=400),
    ),
)
def backlog(slow: int) -> View:
    """Open requests over time, beside arrivals minus what stock can do: the fluid model."""
    run = simulated("forever", slow, None)
    counted = opened(run)
    begin, end = run.seconds, 2 * run.seconds
    capacity = 1000 * SHOP["stock"].workers / slow
    arrived = sum(begin * 1000 <= each.due < end * 1000 for each in run.asked) / run.seconds
    fluid = max(0.0, arrived - capacity) * run.seconds
    most = max(count for moment, count in counted if moment <= end + 0.1)
    late = [each for each in run.asked if each.due >= end * 1000 and each.took > 2 * usual(run)]
    noticed = round(max((each.due - end * 1000 for each in late), default=0))
    told = _(
        "stock can answer {capacity} a second, and {arrived} a second come, so about {fluid} should"
        " wait; {most} are open at most"
    ).format(
        capacity=f"{capacity:,.0f}", arrived=f"{arrived:,.0f}", fluid=f"{fluid:,.0f}", most=most
    )
    expected = [(begin, 0.0), (end, fluid)]
    chart = fig.line_chart(
        [
            fig.Series(_("in flight"), counted),
            fig.Series(_("formula"), expected),
        ],
        title=_("Requests that have come and are not answered"),
        description=f"{told}.",
        x_label=_("seconds; stock is slow from 4 to 8"),
        y_label=_("requests"),
    )
    says = _(
        "At most {most} requests are open while stock is slow; by the formula about {fluid} wait at"
        " the end of it."
    ).format(most=most, fluid=f"{fluid:,.0f}")
    after = _(
        "Requests that come up to {noticed} ms after it still wait more than twice as long as"
        " usual."
    ).format(noticed=f"{noticed:,}")
    quiet = _("As soon as stock is fast again, nobody waits more than twice as long as usual.")
    says = f"{says} {after if noticed else quiet}"
    return View((chart,), says, {"open": most, "fluid": round(fluid), "noticed": noticed})


def opened(run: SlowDependency) -> list[tuple[float, int]]:
    """(second, how many requests were under way)."""
    last = round(3 * run.seconds * 1000)
    return [
        (now / 1000, sum(each.due <= now < each.due + each.took for each in run.asked))
        for now in range(0, last + 1, STEP)
    ]


def usual(run: SlowDependency) -> float:
    return run.stage("before").percentile(50)
