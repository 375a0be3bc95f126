"""Rules with a mistake, and the tests that notice it."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.language import N_, _
from lab_kernel.sre.alerts.demo import ready, trials
from lab_kernel.sre.alerts.mutants import (
    ALL,
    EITHER,
    GENEROUS,
    LEFT_OUT,
    LESS,
    LONG,
    MORE,
    NO_GUARD,
    NO_ZERO,
    SHORT,
    STRICT,
    SWAPPED,
    WINDOW,
    Mutant,
    mutants,
)
from lab_kernel.sre.alerts.promtests import Failure
from lab_kernel.sre.alerts.scenarios import Scenario

# Of mistakes that can be made in several places, those that teach most.
CHOSEN = {
    (SHORT, "1h/5m"): N_("short window dropped (1h/5m)"),
    (SHORT, "6h/30m"): N_("short window dropped (6h/30m)"),
    (LONG, "1h/5m"): N_("long window dropped (1h/5m)"),
    (EITHER, "1h/5m"): N_("or instead of and (1h/5m)"),
    (ALL, "page"): N_("and instead of or (page)"),
    (MORE, "1h/5m"): N_("factor 36 instead of 14.4"),
    (LESS, "6h/30m"): N_("factor 2.4 instead of 6"),
    (LEFT_OUT, "1d/2h"): N_("pair left out (1d/2h)"),
    (LEFT_OUT, "3d/6h"): N_("pair left out (3d/6h)"),
    (GENEROUS, ""): N_("budget of a 99% objective"),
    (STRICT, ""): N_("budget of a 99.99% objective"),
    (SWAPPED, ""): N_("page and ticket swapped"),
    (WINDOW, "1h"): N_("1h recorded over 5m"),
    (NO_ZERO, ""): N_("a missing error counter is not zero"),
    (NO_GUARD, ""): N_("no guard against a time without traffic"),
}
NOTHING = "none"


def slug(kind: str, where: str) -> str:
    return "-".join(f"{kind} {where}".replace("/", " ").split())


@cache
def table() -> dict[str, Mutant]:
    return {slug(each.kind, each.where): each for each in mutants(ready().group)}


@cache
def run(name: str) -> list[tuple[Scenario, list[Failure]]]:
    """Every test, and what it finds wrong with the mutant."""
    right = ready().group
    rules = right if name == NOTHING else table()[name].group
    return [(trial.scenario, trial.failures(rules, right)) for trial in trials()]


@explorable(
    "sre/alerts/mutants",
    title=N_("Which test notices?"),
    predict=N_(
        "Somebody drops the short window of the page. The rules still load, and still fire on an"
        " outage. Which of the tests notices?"
    ),
    controls=(
        Choice(
            name="mistake",
            label=N_("Mistake in the rules"),
            default=slug(SHORT, "1h/5m"),
            options=(
                (NOTHING, N_("no mistake")),
                *((slug(*mistake), label) for mistake, label in CHOSEN.items()),
            ),
        ),
    ),
)
def noticed(mistake: str) -> View:
    """The tests, green or red, and the first thing that each red one complains of."""
    done = run(mistake)
    green, red = _("passes"), _("fails")
    red_tests = [scenario for scenario, failures in done if failures]
    rows = [
        fig.Row(
            scenario.title,
            [
                fig.Cell(red if failures else green, red if failures else green),
                fig.Cell(_complaint(scenario, failures)),
            ],
        )
        for scenario, failures in done
    ]
    says = _("{red} of {all} tests fail.").format(red=len(red_tests), all=len(done))
    if not red_tests:
        says = _("All {all} tests pass.").format(all=len(done))
    names = "; ".join(dict.fromkeys(each.title for each in red_tests))
    picture = fig.table(
        [_("verdict"), _("first complaint")],
        rows,
        title=_("The tests on these rules"),
        description=f"{says} {names}.".strip(" .") + ".",
        states=[green, red],
    )
    return View((picture,), says, {"failing": len(red_tests), "tests": len(done)})


def _complaint(scenario: Scenario, failures: list[Failure]) -> str:
    if not failures:
        return "–"
    first = failures[0]
    message = _("{wanted} wanted, got {got}")
    return message.format(wanted=_said(first.wanted), got=_said(first.got))


def _said(what: str) -> str:
    return _("no alert") if what == "-" else what
