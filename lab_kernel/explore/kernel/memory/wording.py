"""Pieces of sentences that the rooms of this chapter share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from lab_kernel import figures as fig
from lab_kernel.explore.wording import counted
from lab_kernel.language import N_

POLICY_LABELS: Mapping[str, str] = {
    "fifo": N_("FIFO"),
    "lru": N_("LRU"),
    "clock": N_("CLOCK"),
    "second-chance": N_("Second chance"),
    "lfu": N_("LFU"),
    "mru": N_("MRU"),
    "random": N_("Random"),
    "opt": N_("OPT"),
}


def pages(number: int) -> str:
    return counted(number, N_("{n} page"), N_("{n} pages"))


def frames(number: int) -> str:
    return counted(number, N_("{n} frame"), N_("{n} frames"))


def faults(number: int) -> str:
    return counted(number, N_("{n} fault"), N_("{n} faults"))


def hits(number: int) -> str:
    return counted(number, N_("{n} hit"), N_("{n} hits"))


def references(number: int) -> str:
    return counted(number, N_("{n} reference"), N_("{n} references"))


def strips(shown: Sequence[fig.Strip], said: Callable[[fig.Block], str]) -> str:
    """What strips of blocks show, block by block, for those who do not see them."""
    return " ".join(f"{one.caption}: {', '.join(map(said, one.blocks))}." for one in shown)
