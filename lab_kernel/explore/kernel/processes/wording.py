"""Pieces of sentences that the rooms of this chapter share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lab_kernel.explore.wording import counted
from lab_kernel.kernel.scheduler import Schedule, Segment
from lab_kernel.language import N_, _

POLICY_LABELS: Mapping[str, str] = {
    "fcfs": N_("FCFS: first come, first served"),
    "sjf": N_("SJF: shortest job first"),
    "srtf": N_("SRTF: shortest remaining time first"),
    "rr": N_("Round robin"),
    "priority": N_("Priority"),
    "mlfq": N_("MLFQ: feedback queues"),
    "lottery": N_("Lottery"),
    "stride": N_("Stride"),
    "cfs": N_("CFS: Linux until 6.5"),
    "eevdf": N_("EEVDF: Linux since 6.6"),
}
MEASURES: Mapping[str, str] = {
    "response": N_("Response"),
    "turnaround": N_("Turnaround"),
    "waiting": N_("Waiting"),
}
_SLICED = ("rr", "lottery", "stride", "cfs", "eevdf")


def short(policy: str) -> str:
    """The policy's label without its explanation."""
    return _(POLICY_LABELS[policy]).partition(":")[0]


def settings(policy: str, quantum: int) -> dict[str, Any]:
    """What this policy takes of a quantum."""
    if policy == "mlfq":
        return {"quantum": (quantum,) * 3}
    return {"quantum": quantum} if policy in _SLICED else {}


def ticks(number: int) -> str:
    return counted(number, N_("{n} tick"), N_("{n} ticks"))


def switches(number: int) -> str:
    return counted(number, N_("{n} context switch"), N_("{n} context switches"))


def means(done: Schedule) -> str:
    """``response 1.00, turnaround 7.67, waiting 4.33``."""
    mean = done.mean
    return _("response {response}, turnaround {turnaround}, waiting {waiting}").format(
        response=f"{mean.response:.2f}",
        turnaround=f"{mean.turnaround:.2f}",
        waiting=f"{mean.waiting:.2f}",
    )


def order(segments: Iterable[Segment]) -> str:
    """Who runs when, for those who do not see it: ``A 0–2, B 2–4``."""
    return ", ".join(f"{each.job} {each.start}–{each.end}" for each in segments)
