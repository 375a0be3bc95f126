"""Recognising a wrong answer: each misconception is worked out, and what it gives is compared."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Mistake = tuple[Any, str]
"""What a misconception answers, and the sentence that clears it up. None: it answers nothing."""


def recognise(mistakes: Sequence[Mistake], otherwise: str) -> Callable[[Any], str]:
    """Explains a wrong answer by the first mistake that gives it, else by ``otherwise``."""

    def explain(wrong: Any) -> str:
        return next((said for gives, said in mistakes if gives == wrong), otherwise)

    return explain
