"""Pieces of sentences that this chapter's explorables share."""

from __future__ import annotations

from lab_kernel.explore.wording import counted
from lab_kernel.language import N_


def hours(number: float) -> str:
    return counted(round(number), N_("{n} hour"), N_("{n} hours"))


def weeks(number: int) -> str:
    return counted(number, N_("{n} week"), N_("{n} weeks"))


def people(number: int) -> str:
    return counted(number, N_("{n} person"), N_("{n} people"))
