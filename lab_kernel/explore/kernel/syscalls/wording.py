"""Pieces of sentences that the rooms of this chapter share."""

from __future__ import annotations

from lab_kernel.language import N_, _


def counted(number: int, one: str, many: str) -> str:
    """``1 call``, ``2 calls``: ``one`` and ``many`` are source strings with ``{n}``."""
    return _(one if number == 1 else many).format(n=f"{number:,}")


def calls(number: int) -> str:
    return counted(number, N_("{n} call"), N_("{n} calls"))


def processes(number: int) -> str:
    return counted(number, N_("{n} process"), N_("{n} processes"))


def bytes_(number: int) -> str:
    return counted(number, N_("{n} byte"), N_("{n} bytes"))
