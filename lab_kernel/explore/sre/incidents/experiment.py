"""A fault on the shop, second by second, and the brake."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.wording import counted, percent
from lab_kernel.language import N_, _
from lab_kernel.sre.incidents import experiment as mechanism
from lab_kernel.sre.incidents.experiment import AFTER, FAULTY, STEADY, Result
from lab_kernel.sre.incidents.faults import FAULTS

#: A timeout in ms, and whether stock is optional.
PROTECTIONS = {"none": (None, False), "timeout": (100, False), "fallback": (100, True)}
SAYS = {
    "held": N_("The hypothesis held: {share} of the requests were good while the fault was in."),
    "refuted": N_("The hypothesis was wrong, and nothing stopped it: {share} good in 15 seconds."),
    "aborted": N_(
        "The hypothesis was wrong. The brake acted in second {stopped}: {share} good from second 10"
        " to 25."
    ),
    "unsteady": N_("The steady state was below the hypothesis before the fault came."),
}


@explorable(
    "sre/incidents/experiment",
    title=N_("An experiment with a brake"),
    predict=N_(
        "A gateway asks catalog and stock, three replicas each on three nodes. In second 10 stock"
        " begins to take 400 ms instead of 8; good is an answer within 300. When is the experiment"
        " stopped? Which protection makes it hold: a timeout, or a timeout with a fallback?"
    ),
    controls=(
        Choice(
            name="fault",
            label=N_("What goes wrong"),
            options=tuple((name, fault.title) for name, fault in FAULTS.items()),
            default="slow dependency",
        ),
        Choice(
            name="protection",
            label=N_("How the gateway is protected"),
            options=(
                ("none", N_("not at all")),
                ("timeout", N_("a timeout of 100 ms")),
                ("fallback", N_("a timeout, and an answer without stock")),
            ),
            default="none",
        ),
        Whole(name="abort", label=N_("Stop below, per cent good"), low=0, high=99, default=90),
        Whole(name="window", label=N_("Over the last seconds"), low=1, high=10, default=3),
    ),
)
def experiment(fault: str, protection: str, abort: int, window: int) -> View:
    """The share of good requests in each second, and the brake while it watches."""
    timeout, optional = PROTECTIONS[protection]
    plan = mechanism.Experiment(fault, timeout, optional, abort=abort / 100, window=window)
    result = plan.run()
    until = result.stopped or STEADY + FAULTY
    says = " ".join(
        [
            _(SAYS[result.verdict]).format(
                share=percent(result.share(STEADY, STEADY + FAULTY)), stopped=result.stopped
            ),
            counted(
                result.bad, N_("In all {n} request was not good."), N_("In all {n} were not good.")
            ),
            *_afterwards(result),
        ]
    )
    chart = fig.line_chart(
        [
            fig.Series(
                _("good"),
                [
                    (n, 100 * each.good / each.came)
                    for n, each in enumerate(result.seconds)
                    if each.came
                ],
            ),
            fig.Series(_("the brake"), [(STEADY, abort), (until, abort)]),
        ],
        title=_("Good requests, per cent of each second"),
        description=_("The fault is in from second {first} to {last}. {says}").format(
            first=STEADY, last=until, says=says
        ),
        x_label=_("second of the experiment"),
        y_label=_("good, per cent"),
    )
    numbers = {
        "bad": result.bad,
        "stopped": result.stopped or 0,
        "during": 100 * result.share(STEADY, STEADY + FAULTY),
        "after": 100 * result.share(STEADY + FAULTY, STEADY + FAULTY + AFTER),
    }
    return View((chart,), says, numbers)


def _afterwards(result: Result) -> list[str]:
    after = result.share(STEADY + FAULTY, STEADY + FAULTY + AFTER)
    if after >= result.plan.good:
        return []
    return [_("In the last ten seconds, without the fault, only {share} are.").format(
        share=percent(after)
    )]  # fmt: skip
