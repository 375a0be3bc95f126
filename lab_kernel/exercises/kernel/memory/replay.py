"""What the two problems on page replacement share: their rules, references and solutions."""

from __future__ import annotations

import random
from collections.abc import Sequence

from lab_kernel.kernel.replacement import Step
from lab_kernel.language import N_, _

RULES = {
    "fifo": N_("FIFO: the page that was loaded first leaves."),
    "lru": N_("LRU: the page that has not been used for longest leaves."),
    "clock": N_(
        "CLOCK: loading a page and using it both set its reference bit. The hand begins at the"
        " first frame and goes round; it clears the bits that are set and stops at the first clear"
        " one. That page leaves, the new one takes its frame, and the hand moves on by one."
    ),
    "opt": N_(
        "OPT: the page whose next use is furthest away leaves; of several that are never used"
        " again, any."
    ),
}
FRAMES = 3


def line(pages: Sequence[int]) -> str:
    return " ".join(map(str, pages))


def random_references(rng: random.Random, count: int) -> list[int]:
    """Pages 1 to 5, never the same one twice in a row."""
    pages = [rng.randint(1, 5)]
    while len(pages) < count:
        pages.append(rng.choice([page for page in range(1, 6) if page != pages[-1]]))
    return pages


def resident_pages(step: Step) -> list[int]:
    return sorted(page for page in step.resident if page is not None)


def told(run: Sequence[Step]) -> str:
    """The whole run, a line for each reference."""
    lines = []
    for step in run:
        if step.hit:
            said = _("{page}: hit")
        elif step.evicted is None:
            said = _("{page}: fault, into an empty frame; in memory: {resident}")
        else:
            said = _("{page}: fault, and page {evicted} leaves; in memory: {resident}")
        lines.append(
            said.format(
                page=step.reference, evicted=step.evicted, resident=line(resident_pages(step))
            )
        )
    return "\n".join(lines)
