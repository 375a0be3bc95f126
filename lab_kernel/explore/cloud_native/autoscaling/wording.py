"""Pieces of sentences that the rooms of this chapter share."""

from __future__ import annotations

from lab_kernel.cloud_native.autoscale import Run
from lab_kernel.explore.wording import counted, percent
from lab_kernel.language import N_, _


def replicas(number: int) -> str:
    return counted(number, N_("{n} replica"), N_("{n} replicas"))


def seconds(number: int) -> str:
    return counted(number, N_("{n} second"), N_("{n} seconds"))


def outcome(run: Run) -> str:
    """What a run cost and what it lost."""
    return _(
        "Not served: {lost} of the load. Pod hours: {pods}. The number changed {times} times, and"
        " turned round {turns} times."
    ).format(
        lost=percent(round(run.unserved, 4)),
        pods=f"{run.pod_seconds / 3600:.1f}",
        times=run.rescales,
        turns=run.turns,
    )
