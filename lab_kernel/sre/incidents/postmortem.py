"""A postmortem without blame: what is known from the record, and room for what only people know.

    print(skeleton(result))
    blame(text)                 sentences that say who, where they should say what

The skeleton has the headings of a postmortem and is filled with what an experiment's record holds:
impact, timeline, how it ended. What contributed, what went well, where one was lucky, and what is
to be done, people write; an action has an owner and a date.

``blame`` finds sentences with words of blame. It knows a few words, and no meanings: it misses a
reproach in friendly words, and it stops at a sentence that only quotes one. Read what it shows.

Sources: SRE book, chapter 15 and its example postmortem; J. Allspaw, "Blameless PostMortems and a
Just Culture", 2012; SRE workbook, "Example Error Budget Policy" (one incident that takes more than
20% of the budget of four weeks gets a postmortem).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

from lab_kernel.language import N_, _
from lab_kernel.sre.incidents.experiment import AFTER, FAULTY, STEADY, Result
from lab_kernel.sre.incidents.faults import FAULTS
from lab_kernel.sre.slo.budget import Number

THRESHOLD = Fraction(1, 5)  # of the budget of four weeks
TARGET = Fraction(999, 1000)
#: What each heading asks for. The first three are filled from the record.
HEADINGS = (
    N_("Summary"),
    N_("Impact"),
    N_("Timeline"),
    N_("What contributed"),
    N_("What went well, what did not, where we were lucky"),
    N_("Actions"),
)
VERDICTS = {
    "held": N_("It was right."),
    "refuted": N_("It was wrong."),
    "aborted": N_("It was wrong, and the experiment was stopped."),
    "unsteady": N_("It was not tested: the steady state was not steady."),
}
#: Two of its sentences blame somebody, one of them without a word of blame.
_DRAFT = (
    N_("In second 10 the node lost its power."),
    N_("The developer forgot to set a timeout."),
    N_("Had the on-call engineer read the configuration, it would have been clear."),
    N_("The default of the gateway is to wait for ever."),
)
_BLAME = re.compile(
    r"\b(careless\w*|negligen\w*|incompeten\w*|stupid\w*|human error|should have known|forgot"
    r"|blame[ds]?|fault of|(his|her|their) (mistake|fault))\b"
    r"|부주의|실수|게을|무능|깜빡|인적 오류|책임자|알았어야|탓(?!하지 않)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Blame:
    """A sentence, and the words in it that point at a person."""

    sentence: str
    words: str


def due(spent: Fraction) -> bool:
    """Whether an incident that took so much of the budget of four weeks gets a postmortem."""
    return spent > THRESHOLD


def skeleton(result: Result, target: Number = TARGET, requests: int = 10**6) -> str:
    """Markdown, in the reader's language. ``requests`` are those of four weeks."""
    plan, spent = result.plan, result.spent(target, requests)
    fault = _(FAULTS[plan.fault].title)
    shares = {
        _("before the fault"): result.share(0, STEADY),
        _("from second {first} to {last}").format(first=STEADY, last=STEADY + FAULTY): result.share(
            STEADY, STEADY + FAULTY
        ),
        _("after that"): result.share(STEADY + FAULTY, STEADY + FAULTY + AFTER),
    }
    summary = _("Fault: {fault}. Hypothesis: at least {good} of the requests stay good. {verdict}")
    impact = _("{bad} requests were not good: {spent} of the error budget of four weeks. {worth}")
    filled = [
        summary.format(fault=fault, good=f"{plan.good:.1%}", verdict=_(VERDICTS[result.verdict])),
        impact.format(bad=result.bad, spent=f"{float(spent):.0%}", worth=_worth(spent))
        + "\n\n"
        + "\n".join(f"- {name}: {share:.1%}" for name, share in shares.items()),
        "\n".join(f"- {moment} s: {what}" for moment, what in timeline(result)),
    ]
    asked = [
        _("Conditions, not people: what made it possible, and what made it worse?"),
        _("Three short lists."),
        _("| what | owner | by when | prevents, finds or softens |\n|---|---|---|---|"),
    ]
    parts = [
        f"## {_(heading)}\n\n{text}" for heading, text in zip(HEADINGS, filled + asked, strict=True)
    ]
    return "\n\n".join([f"# {_('Postmortem')}: {fault}", *parts]) + "\n"


def timeline(result: Result) -> list[tuple[int, str]]:
    """What happened in which second, from the record alone."""
    rows = [(STEADY, _("the fault begins"))]
    bad = [n for n, each in enumerate(result.seconds) if n >= STEADY and each.good < each.came]
    if bad:
        rows.append((bad[0], _("the first requests that are not good")))
    if result.stopped is None:
        rows.append((STEADY + FAULTY, _("the fault is taken back, as planned")))
    else:
        rows.append((result.stopped, _("the abort condition is met; the fault is taken back")))
    if bad and bad[-1] + 1 < len(result.seconds):
        rows.append((bad[-1] + 1, _("all requests are good again")))
    elif bad:
        rows.append((len(result.seconds), _("the record ends, and requests still fail")))
    return sorted(rows, key=lambda row: row[0])


def draft() -> str:
    """A draft to be mended, in the reader's language."""
    return " ".join(_(sentence) for sentence in _DRAFT)


def blame(text: str) -> list[Blame]:
    """The sentences that have such words, in either language."""
    sentences = re.split(r"(?<=[.!?])\s+|\n+", text)
    found = ((sentence.strip(), _BLAME.search(sentence)) for sentence in sentences)
    return [Blame(sentence, words[0]) for sentence, words in found if words]


def _worth(spent: Fraction) -> str:
    if due(spent):
        return _("That is more than a fifth: a postmortem is due.")
    return _("That is not more than a fifth: write one if there is something to learn.")
