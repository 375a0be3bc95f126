"""Pieces of sentences that the rooms of this chapter share."""

from __future__ import annotations

from lab_kernel.explore.wording import counted
from lab_kernel.language import N_


def pods(number: int) -> str:
    return counted(number, N_("{n} pod"), N_("{n} pods"))


def nodes(number: int) -> str:
    return counted(number, N_("{n} node"), N_("{n} nodes"))
