"""What tests without a failure show."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.errors import BadInput
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.wording import percent
from lab_kernel.language import N_, _
from lab_kernel.sre.practice.reliability import bound, trials

CONFIDENCES = {"90": 0.9, "95": 0.95, "99": 0.99}


@explorable(
    "sre/practice/trials",
    title=N_("Evidence, not proof"),
    predict=N_(
        "Twenty failovers have been tried, and all went well. Which failure rate can you still not"
        " rule out? How many trials without a failure would show 99.9%?"
    ),
    controls=(
        Whole(name="tests", label=N_("Trials"), low=1, high=4000, default=20),
        Whole(name="failures", label=N_("Of them failed"), low=0, high=20, default=0),
        Choice(
            name="confidence",
            label=N_("Confidence"),
            options=(("90", "90%"), ("95", "95%"), ("99", "99%")),
            default="95",
        ),
    ),
)
def trials_(tests: int, failures: int, confidence: str) -> View:
    """The bound for these trials, and the curve of the bound for others."""
    if failures > tests:
        raise BadInput("failures", _("more failures than trials"))
    sure = CONFIDENCES[confidence]
    limit = bound(tests, failures, sure)
    says = _(
        "{tests} trials, {failures} failed: with {confidence}% confidence the failure rate is below"
        " {limit}. 99.9% would take {needed} trials without a failure."
    ).format(
        tests=f"{tests:,}",
        failures=failures,
        confidence=confidence,
        limit=percent(round(limit, 5)),
        needed=f"{trials(0.999, sure):,}",
    )
    counts = sorted({*(max(failures, 1, round(10 ** (n / 8))) for n in range(29)), tests})
    picture = fig.line_chart(
        [
            fig.Series(
                _("cannot be ruled out"),
                [(n, 100 * bound(n, failures, sure)) for n in counts if n <= max(100, 2 * tests)],
            ),
            fig.Series(_("these trials"), [(tests, 100 * limit)]),
        ],
        title=_("Largest failure rate that agrees with it, per cent"),
        description=says,
        x_label=_("trials"),
        y_label="%",
    )
    return View((picture,), says, {"bound": 100 * limit, "needed": trials(0.999, sure)})
