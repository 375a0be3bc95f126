"""A postmortem without blame: what is known from the record, and room for what only people know.

    text = skeleton(result)
    blame(text)                 sentences that say who, where they should say what

The skeleton has the headings of a postmortem and is filled with what an experiment's record holds:
impact, timeline, how it was noticed and ended. What contributed, what went well, where one was
lucky, and what is to be done, people write; an action has an owner and a date.

``blame`` finds sentences with words of blame. It knows words, not meanings: it will miss some, and
it will stop a sentence that is none. Read what it shows.

Sources: SRE book, chapter 15 and its example postmortem; J. Allspaw, "Blameless PostMortems and a
Just Culture", 2012; SRE workbook, error budget policy (one incident that spends more than 20% of
the budget of four weeks gets a postmortem).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from lab_kernel.language import N_, _
from lab_kernel.sre.incidents.experiment import AFTER, FAULTY, STEADY, Result
from lab_kernel.sre.incidents.faults import FAULTS

THRESHOLD = 0.2  # of the budget of four weeks
#: What each heading asks for. The first three are filled from the record.
HEADINGS = (
    N_("Summary"),
    N_("Impact"),
    N_("Timeline"),
    N_("What contributed"),
    N_("What went well, what did not, where we were lucky"),
    N_("Actions"),
)
_BLAME = {
    "en": r"\b(careless\w*|negligen\w*|incompeten\w*|stupid\w*|human error|should have known"
    r"|fault of|to blame|blame[sd]? \w+|his mistake|her mistake|their mistake|forgot to)\b",
    "ko": r"(부주의|실수한|실수로|잘못한 사람|책임자는|탓|인재(?![가-힣])|게을|무능|깜빡|인적 오류|확인하지 않은 담당자)",
}


@dataclass(frozen=True)
class Blame:
    """A sentence, and the words in it that point at a person."""

    sentence: str
    words: str


def skeleton(result: Result, objective: float = 0.999, per_month: int = 10**6) -> str:
    """Markdown, in the reader's language."""
    plan, spent = result.plan, result.spent(objective, per_month)
    fault = _(FAULTS[plan.fault].title)
    shares = {
        _("before"): result.share(0, STEADY),
        _("during"): result.share(STEADY, STEADY + FAULTY),
        _("afterwards"): result.share(STEADY + FAULTY, STEADY + FAULTY + AFTER),
    }
    filled = [
        _("Fault: {fault}. Hypothesis: at least {good} of the requests stay good. It was {verdict}.")
        .format(fault=fault, good=f"{plan.good:.1%}", verdict=_(VERDICTS[result.verdict])),
        _("{bad} requests were not good, {spent} of the month's budget. {worth}").format(
            bad=result.bad, spent=f"{spent:.0%}", worth=_worth(spent)
        )
        + "\n\n"
        + "\n".join(f"- {name}: {share:.1%}" for name, share in shares.items()),
        "\n".join(f"- {moment} s: {what}" for moment, what in timeline(result)),
    ]  # fmt: skip
    asked = [
        _("Conditions, not people: what made it possible, and what made it worse?"),
        _("Three short lists."),
        _("| what | owner | by when | mends, prevents or finds |\n|---|---|---|---|"),
    ]
    parts = [
        f"## {_(heading)}\n\n{text}" for heading, text in zip(HEADINGS, filled + asked, strict=True)
    ]
    return "\n\n".join([f"# {_('Postmortem')}: {fault}", *parts]) + "\n"


VERDICTS = {
    "held": N_("right"),
    "refuted": N_("wrong"),
    "aborted": N_("wrong, and stopped early"),
    "unsteady": N_("not tested: the steady state was not steady"),
}


def timeline(result: Result) -> list[tuple[int, str]]:
    """What happened in which second, from the record alone."""
    rows = [(STEADY, _("the fault begins"))]
    bad = [n for n, each in enumerate(result.seconds) if n >= STEADY and each.good < each.came]
    if bad:
        rows.append((bad[0], _("the first requests that are not good")))
        rows.append((bad[-1] + 1, _("all requests are good again")))
    stopped = result.stopped
    rows.append(
        (STEADY + FAULTY, _("the fault is taken back, as planned"))
        if stopped is None
        else (stopped, _("the abort condition is met; the fault is taken back"))
    )
    return sorted(rows)


def blame(text: str) -> list[Blame]:
    """The sentences that have such words, in either language."""
    found = []
    for sentence in re.split(r"(?<=[.!?])\s+|\n+", text):
        for pattern in _BLAME.values():
            words = re.search(pattern, sentence, re.IGNORECASE)
            if words:
                found.append(Blame(sentence.strip(), words[0]))
                break
    return found


def _worth(spent: float) -> str:
    if spent > THRESHOLD:
        return _("That is more than a fifth: a postmortem is due.")
    return _("That is less than a fifth: write one if there is something to learn.")
