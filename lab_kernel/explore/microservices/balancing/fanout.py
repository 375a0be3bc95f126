"""One request that waits for many answers."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import Toggle, View, Whole, explorable
from lab_kernel.explore.wording import counted, percent
from lab_kernel.language import N_, _
from lab_kernel.microservices.balancing.fanout import Leaf, meets_slow

SHOWN = (50, 90, 99)
POINTS = 12


@explorable(
    "microservices/balancing/fanout",
    title=N_("As slow as the slowest"),
    predict=N_(
        "One answer in a hundred is slow. A page needs the answers of 100 servers. How many of a"
        " hundred pages are slow?"
    ),
    controls=(
        Whole(name="leaves", label=N_("Answers that it waits for"), low=1, high=1000, default=100),
        Whole(name="slow", label=N_("Slow answers in a thousand"), low=1, high=100, default=10),
        Toggle(name="hedged", label=N_("A second copy after the 95th percentile"), default="off"),
    ),
)
def fanout(leaves: int, slow: int, hedged: bool) -> View:
    """By formula: independent leaves, usually 10 ms, slow ones 200 ms more."""
    leaf = Leaf(slow=slow / 1000)
    after = leaf.percentile(95) if hedged else None
    one = {p: leaf.percentile(p) for p in SHOWN}
    whole = {p: leaf.percentile(p, leaves, after) for p in SHOWN}
    says = _(
        "Of the requests {share} meet at least one slow answer of {answers}; half of them take"
        " {median} ms or more, where half of the single answers take {single} ms."
    ).format(
        share=percent(meets_slow(slow / 1000, leaves)),
        answers=counted(leaves, N_("{n} answer"), N_("{n} answers")),
        median=f"{whole[50]:.0f}",
        single=f"{one[50]:.0f}",
    )
    if after is not None:
        says += " " + _("The second copies are 5% more work.")
    counts = sorted({max(1, round(leaves * n / POINTS)) for n in range(POINTS + 1)})
    curve = fig.line_chart(
        [
            fig.Series(
                _("at least one slow"), [(n, 100 * meets_slow(slow / 1000, n)) for n in counts]
            )
        ],
        title=_("Requests that meet a slow answer"),
        description=says,
        x_label=_("answers that a request waits for"),
        y_label=_("% of the requests"),
    )
    rows = []
    for p in SHOWN:
        rows.append(fig.Bar(_("p{n}, one answer").format(n=p), [("ms", one[p])]))
        rows.append(fig.Bar(_("p{n}, all answers").format(n=p), [("ms", whole[p])]))
    tails = fig.bars(
        rows,
        title=_("Percentiles of one answer, and of all of them"),
        description=", ".join(f"{row.label}: {row.parts[0][1]:.0f} ms" for row in rows),
        total=lambda value: f"{value:.0f} ms",
    )
    numbers = {"share": round(meets_slow(slow / 1000, leaves), 4), "p99": round(whole[99], 1)}
    return View((curve, tails), says, numbers)
