"""What the tests of sweep() run in other processes, which import it from here."""

from __future__ import annotations

import random


def mixed(x: int, word: str, seed: int = 0) -> tuple[int, str, int]:
    return x * x, word[::-1], random.Random(seed).randrange(1_000_000)


def inverse(x: int) -> float:
    return 1 / x


class Stubborn(Exception):
    """Pickled, it cannot be read back: it wants two arguments and keeps one."""

    def __init__(self, one: str, two: str) -> None:
        super().__init__(one + two)


def stubborn(x: int) -> int:
    if x == 2:
        raise Stubborn("not", " two")
    return x
