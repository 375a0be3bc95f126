"""The wait by utilization: hardly anything, for a long time, and then everything at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.microservices.queueing.wording import ms
from lab_kernel.language import N_, _
from lab_kernel.microservices.queueing.estimate import Estimate, estimate
from lab_kernel.microservices.queueing.formulas import mg1, mmc
from lab_kernel.microservices.queueing.queue import simulate
from lab_kernel.microservices.queueing.times import Constant, Exponential, Times, Uneven

WORK = 10  # ms on average
KINDS: Mapping[str, tuple[str, Callable[[float], Times]]] = {
    "constant": (N_("always the same"), Constant),
    "exponential": (N_("by chance (exponential)"), Exponential),
    "uneven": (N_("nine short ones, one long one"), Uneven),
}
CUSTOMERS = 20_000


@explorable(
    "microservices/queueing/knee",
    title=N_("The knee"),
    predict=N_(
        "A server is busy for half of its time, and a request waits 10 ms on average. How long does"
        " it wait at 80%? At 90%? At 95%?"
    ),
    controls=(
        Whole(name="load", label=N_("Utilization, percent"), low=10, high=95, default=80),
        Whole(name="servers", label=N_("Servers behind one queue"), low=1, high=20, default=1),
        Choice(
            name="service",
            label=N_("A request's work takes"),
            default="exponential",
            options=tuple((name, said) for name, (said, _made) in KINDS.items()),
        ),
    ),
)
def knee(load: int, servers: int, service: str) -> View:
    """The curve of the formula, and the chosen point simulated with its interval."""
    times = KINDS[service][1](WORK)
    points = [(percent, exact(percent, servers, times)) for percent in range(5, 96)]
    curve = [(percent, wait) for percent, wait in points if wait is not None]
    measured = simulated(load, servers, times)
    expected = exact(load, servers, times)
    chart = fig.line_chart(
        [
            fig.Series(_("formula"), curve),
            fig.Series(
                _("simulated: mean, and both ends of the 95% interval"),
                [(load, max(0.0, measured.low)), (load, measured.mean), (load, measured.high)],
            ),
        ],
        title=_("Mean wait by utilization"),
        description=_("{load}%: {mean} ms simulated, 95% interval {low} to {high} ms.").format(
            load=load,
            mean=ms(measured.mean),
            low=ms(max(0.0, measured.low)),
            high=ms(measured.high),
        ),
        x_label=_("utilization, percent"),
        y_label=_("mean wait, ms"),
    )
    says = _(
        "At {load}% a request of 10 ms waits {mean} ms on average, simulated (95% interval {low} to"
        " {high} ms); {formula}."
    ).format(
        load=load,
        mean=ms(measured.mean),
        low=ms(max(0.0, measured.low)),
        high=ms(measured.high),
        formula=_("no simple formula is known")
        if expected is None
        else _("the formula says {wait} ms").format(wait=ms(expected)),
    )
    numbers = {"wait": round(measured.mean, 2), "half": round(measured.half, 2)}
    return View((chart,), says, numbers)


def exact(percent: int, servers: int, times: Times) -> float | None:
    """Mean wait in ms; None: for several servers with other than exponential times."""
    rate = percent / 100 * servers / times.mean
    if servers == 1:
        return mg1(rate, times.mean, times.variation).wait
    return mmc(rate, times.mean, servers).wait if isinstance(times, Exponential) else None


def simulated(percent: int, servers: int, times: Times) -> Estimate:
    rate = percent / 100 * servers / times.mean
    return estimate(simulate(rate, times, servers, customers=CUSTOMERS).waits)
