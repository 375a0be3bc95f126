"""Pieces of sentences that the rooms of all chapters share."""

from __future__ import annotations

from lab_kernel.language import _


def counted(number: int, one: str, many: str) -> str:
    """``1 page``, ``2 pages``: ``one`` and ``many`` are source strings with ``{n}``."""
    return _(one if number == 1 else many).format(n=f"{number:,}")


def percent(part: float) -> str:
    """``0.9375`` as ``93.75%``: two decimals at most."""
    return f"{100 * part:.2f}".rstrip("0").rstrip(".") + "%"
