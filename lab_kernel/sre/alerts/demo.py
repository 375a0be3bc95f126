"""One incident on a service with its rules, evaluated minute by minute.

    seen = incident(rules, ratio=Decimal("0.05"), minutes=30)
    seen.firing(pair)       # the minutes at which the pair fires, from the incident's beginning on

What pictures and problems ask: the rules are real ones, made from an SLO, and the evaluator
evaluates them over counters. Before the incident there is health for as long as the longest window
looks back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from lab_kernel.sre.alerts.burn import MINUTE, WORKBOOK, Condition
from lab_kernel.sre.alerts.evaluator import Evaluator
from lab_kernel.sre.alerts.happening import Sample, series
from lab_kernel.sre.alerts.promtests import Trial
from lab_kernel.sre.alerts.rules import Rules, recorded, rules
from lab_kernel.sre.alerts.scenarios import scenarios
from lab_kernel.sre.slo.examples import example
from lab_kernel.sre.slo.openslo import openslo

REQUESTS = 10_000  # in a minute
LONGEST = max(pair.long for pair in WORKBOOK) // MINUTE


@cache
def ready(target: str = "0.999", period: str = "30d") -> Rules:
    """The rules of the example ``checkout-errors`` with another objective."""
    text = example("checkout-errors")
    text = text.replace("target: 0.999", f"target: {target}").replace("30d", period)
    return rules(openslo(text, "checkout-errors")[0])


@cache
def trials() -> list[Trial]:
    """The tests of these rules, each ready to be tried on others."""
    found = ready()
    return [Trial(each) for each in scenarios(found.measured, found.conditions)]


@dataclass(frozen=True)
class Seen:
    """What happens from minute 0 on, which is the second ``begin`` of the series."""

    rules: Rules
    evaluator: Evaluator
    begin: int

    def ratio(self, window: int, minute: int) -> float:
        """The error ratio of the window (in seconds) at the end of this minute."""
        expr = next(r.expr for r in self.rules.group.recordings if r.record == recorded(window))
        found = self.evaluator.at(expr, self.begin + minute * MINUTE)
        assert isinstance(found, dict)
        return found[frozenset()]

    def fires(self, condition: Condition, minute: int, short: bool = True) -> bool:
        """Whether both windows are above the threshold; without ``short`` only the long one."""
        pair = condition.pair
        windows = (pair.long, pair.short) if short else (pair.long,)
        return all(self.ratio(each, minute) > condition.threshold for each in windows)

    def spell(
        self, condition: Condition, last: int, step: int = 1, short: bool = True
    ) -> tuple[int, int] | None:
        """The first minute at which it fires and the first after that at which it does not, up to
        ``last``; None if it never does. Asked every ``step`` minutes."""
        begun = None
        for minute in range(0, last + 1, step):
            if self.fires(condition, minute, short) != (begun is not None):
                if begun is not None:
                    return begun, minute
                begun = minute
        return None if begun is None else (begun, last)

    def severities(self, minute: int) -> set[str]:
        return {
            dict(labels)["severity"]
            for labels in self.evaluator.firing(self.begin + minute * MINUTE)
        }


def incident(
    found: Rules, ratio: Decimal, minutes: int, after: int = 0, before: int = LONGEST
) -> Seen:
    """``after`` and ``before``: minutes of health that follow, and that there were."""
    return happening(found, [round(REQUESTS * ratio)] * minutes + [0] * after, before)


def happening(found: Rules, bad: Sequence[int], before: int = LONGEST) -> Seen:
    """So many bad ones in each minute from the beginning of the incident on."""
    every = [0] * before + list(bad)
    counted = [Sample((n + 1) * MINUTE, REQUESTS, wrong) for n, wrong in enumerate(every)]
    evaluator = Evaluator(series(counted, found.measured), found.group)
    return Seen(found, evaluator, before * MINUTE)
