"""An error budget policy: what was agreed to happen when the budget is spent, before it is.

Without one a budget is a figure on a wall. This is the example of the SRE workbook as rules:

    freeze        the budget of the window is exceeded: no changes but urgent repairs (P0) and
                  security fixes until the service is within its SLO again
    postmortem    a single incident took more than a fifth of the budget
    plan          a kind of incident took more than a fifth of a quarter's budget

It is no punishment. Failures that were not the team's, such as a load test of users out of the
SLO's scope or an outage of the whole network, stop nobody (``excused``): they stay in the ledger,
the freeze is waived, and no postmortem is asked for. And it says nothing about alerts: those come
long before.

Source: SRE workbook, appendix "Example Error Budget Policy" (window of four weeks).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from lab_kernel.language import N_, _
from lab_kernel.sre.slo.budget import Number, decimal

SAYS: Mapping[str, str] = {
    "freeze": N_(
        "Freeze: nothing is released but the most urgent repairs (P0) and security fixes until the"
        " SLO is met again."
    ),
    "waived": N_("Exceeded, but without the excused failures it would not be: releases may go on."),
    "postmortem": N_("Postmortem of {what}: it took {share}% of the budget by itself."),
    "plan": N_("A P0 item in the next quarter's plan: {what} took {share}% of this one's budget."),
    "release": N_("Releases go on: {share}% of the budget is left to spend."),
    "so far": N_(
        "Releases go on: {share}% of the window's budget is left, if nothing fails in the rest of"
        " it."
    ),
}


class Cause(NamedTuple):
    """What an incident spent, in the budget's unit; ``kind`` is what it has in common with others.

    ``excused`` if it is agreed that such a failure does not stop the team.
    """

    name: str
    spent: Number
    kind: str = ""
    excused: bool = False


class Consequence(NamedTuple):
    """A rule that applies: one of ``SAYS``, with what it is about and the share it took.

    ``partial`` if only a part of the window is known.
    """

    rule: str
    what: str = ""
    share: Fraction = Fraction(0)
    partial: bool = False

    def __str__(self) -> str:
        says = "so far" if self.partial and self.rule == "release" else self.rule
        return _(SAYS[says]).format(what=self.what, share=decimal(100 * self.share, 2))


@dataclass(frozen=True, slots=True)
class Policy:
    """``large`` is the share of a budget that one incident may take without more being asked."""

    large: Fraction = field(default=Fraction(1, 5))

    def consequences(
        self, allowed: Number, spent: Number, causes: Iterable[Cause] = ()
    ) -> list[Consequence]:
        """What follows from a window's budget, the most severe first."""
        budget, gone, causes = Fraction(allowed), Fraction(spent), list(causes)
        left = Consequence("release", share=1 - gone / budget if budget else Fraction(1))
        if gone > budget:
            excused = sum((Fraction(each.spent) for each in causes if each.excused), Fraction(0))
            left = Consequence("waived" if gone - excused <= budget else "freeze")
        large = [
            Consequence("postmortem", each.name, Fraction(each.spent) / budget)
            for each in causes
            if budget and not each.excused and Fraction(each.spent) / budget > self.large
        ]
        return [left, *sorted(large, key=lambda one: one.share, reverse=True)]

    def planned(self, quarter: Number, causes: Iterable[Cause]) -> list[Consequence]:
        """The kinds of incident that took too much of a quarter's budget."""
        kinds: dict[str, Fraction] = {}
        for each in causes:
            if each.kind:
                kinds[each.kind] = kinds.get(each.kind, Fraction(0)) + Fraction(each.spent)
        shares = {kind: spent / Fraction(quarter) for kind, spent in kinds.items()}
        return [
            Consequence("plan", kind, share)
            for kind, share in sorted(shares.items(), key=lambda pair: -pair[1])
            if share > self.large
        ]
