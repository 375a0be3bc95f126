"""Kinds of things, and how each is told from the others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from lab_kernel.figures.marks import SHAPES, TEXTURES
from lab_kernel.figures.palette import TONES


@dataclass(frozen=True, slots=True)
class Look:
    """How one kind of thing is told from the others: by tone and by texture or shape."""

    tone: int
    texture: str
    shape: str


def looks(kinds: Iterable[str]) -> dict[str, Look]:
    """A look for each kind in order of first appearance; 36 kinds before two look alike."""
    return {
        kind: Look(
            n % TONES + 1,
            TEXTURES[(n + n // TONES) % len(TEXTURES)],
            SHAPES[(n + n // TONES) % len(SHAPES)],
        )
        for n, kind in enumerate(dict.fromkeys(kinds))
    }
