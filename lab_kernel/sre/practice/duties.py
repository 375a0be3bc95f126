"""The eight duties of an SRE team, as the SRE book's chapter 1 lists them.

The founding text of this site has five of them. ``DUTIES`` says for each what is measured or done,
and where this site drills it: a module of this package, or a chapter.
"""

from __future__ import annotations

from typing import NamedTuple

from lab_kernel.language import N_


class Duty(NamedTuple):
    """``name`` and ``question`` are source strings; ``drill`` is where it is practised."""

    name: str
    question: str
    drill: str
    founding: bool


DUTIES = (
    Duty(N_("availability"), N_("Are requests answered?"), "sre/practice/reliability", True),
    Duty(N_("latency"), N_("Soon enough?"), "sre/practice/capacity", True),
    Duty(N_("performance"), N_("How much does one replica do?"), "sre/practice/capacity", False),
    Duty(N_("efficiency"), N_("What is paid for and not used?"), "sre/practice/capacity", False),
    Duty(N_("change management"), N_("Who gets a change first?"), "sre/practice/canary", True),
    Duty(N_("monitoring"), N_("Who notices, and how?"), "sre/practice/triage", False),
    Duty(N_("emergency response"), N_("How long until it is over?"), "sre/practice/runbook", True),
    Duty(N_("capacity planning"), N_("Is there room for the peak?"), "sre/practice/capacity", True),
)
