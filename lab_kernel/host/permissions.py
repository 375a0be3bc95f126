"""What a real kernel answers about every file mode: ``tools.record.permissions`` asked it."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Answer:
    """``held`` is the one capability that ``who`` has ("none"); ``want`` are bits 4, 2 and 1."""

    directory: bool
    held: str
    who: str
    mode: int
    want: int
    allowed: bool


@cache
def _text() -> str:
    packed = files("lab_kernel") / "recordings" / "permissions.answers.gz"
    return gzip.decompress(packed.read_bytes()).decode()


def made() -> list[str]:
    """The command, the kernel and the date, as they stand at the head of the recording."""
    return [line[2:] for line in _text().splitlines() if line.startswith("# ")]


def answers() -> Iterator[Answer]:
    """All 64,512 of them: 2 kinds, 3 capabilities, 3 classes, 512 modes, 7 wishes."""
    for line in _text().splitlines():
        if line.startswith("#"):
            continue
        kind, held, who, digits = line.split()
        for mode, bits in enumerate(bytes.fromhex(digits)):
            for want in range(1, 8):
                yield Answer(kind == "directory", held, who, mode, want, bool(bits >> want & 1))
