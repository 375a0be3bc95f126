"""Run a replacement policy over a list of references.

``simulate`` counts, ``steps`` shows every moment, ``curve`` asks the question for many sizes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lab_kernel.errors import BadInput
from lab_kernel.kernel.replacement.chance import Random
from lab_kernel.kernel.replacement.lfu import Lfu
from lab_kernel.kernel.replacement.opt import Opt
from lab_kernel.kernel.replacement.order import Fifo, Lru, Mru
from lab_kernel.kernel.replacement.policy import Policy
from lab_kernel.kernel.replacement.second_chance import Clock, SecondChance
from lab_kernel.kernel.stack_distance import miss_curve
from lab_kernel.language import _
from lab_kernel.trace import Trace

POLICIES: dict[str, type[Policy]] = {
    policy.name: policy for policy in (Fifo, Lru, Clock, SecondChance, Lfu, Mru, Random, Opt)
}


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to. ``references`` counts them; hits + faults == references.

    ``evictions`` are the faults that threw a page out: the rest found an unused frame.
    """

    policy: str
    frames: int
    references: int
    hits: int
    faults: int
    evictions: int

    @property
    def hit_ratio(self) -> float:
        """Hits per reference, 0 to 1."""
        return self.hits / self.references


@dataclass(frozen=True, slots=True)
class Step:
    """One reference. ``resident`` is memory after it: the page in each frame, or None.

    ``loaded_frame`` is the frame that a faulting page went into, None for a hit. A page goes
    where its victim was; an unused frame is taken lowest number first.
    """

    reference: int
    hit: bool
    loaded_frame: int | None
    evicted: int | None
    resident: tuple[int | None, ...]


def new_policy(name: str, references: Sequence[int] = (), *, seed: int = 0) -> Policy:
    """A fresh policy by name: ``random`` gets the seed, ``opt`` the future, the others nothing."""
    if name not in POLICIES:
        allowed = ", ".join(POLICIES)
        raise BadInput(
            "policy",
            _("{name!r} is not a policy; choose one of {allowed}").format(
                name=name, allowed=allowed
            ),
        )
    if name == Opt.name:
        return Opt(references)
    return Random(seed=seed) if name == Random.name else POLICIES[name]()


def simulate(
    policy: str | Policy,
    frames: int,
    references: Sequence[int],
    *,
    seed: int = 0,
    trace: Trace | None = None,
) -> Result:
    """Count hits, faults and evictions of a policy that has ``frames`` page frames.

    ``policy`` is a name in POLICIES or a fresh Policy. A ``trace`` gets one event per reference:
    the time is its place in the list, the duration 1, the track the frame, the kind "hit" or
    "fault". BadInput names ``policy``, ``frames`` or ``references``.
    """
    policy = _ready(policy, frames, references, seed)
    if trace is not None:
        return _recorded(policy, frames, references, trace)

    hit, load, victim = policy.hit, policy.load, policy.victim  # bound once: this loop is hot
    resident: set[int] = set()
    faults = evictions = 0
    for page in references:
        if page in resident:
            hit(page)
            continue
        faults += 1
        if len(resident) == frames:
            resident.remove(victim())
            evictions += 1
        load(page)
        resident.add(page)
    hits = len(references) - faults
    return Result(policy.name, frames, len(references), hits, faults, evictions)


def steps(
    policy: str | Policy, frames: int, references: Sequence[int], *, seed: int = 0
) -> list[Step]:
    """The same run moment by moment, for pictures and exercises. Costs O(frames) a reference."""
    return list(_replay(_ready(policy, frames, references, seed), frames, references))


def curve(
    policy: str, references: Sequence[int], frames: Iterable[int], *, seed: int = 0
) -> list[tuple[int, int]]:
    """(frames, faults) for each size asked for, in that order.

    LRU answers for every size in one pass over its stack distances; the others run once a size.
    """
    sizes = list(frames)
    for size in sizes:
        _check(size, references)
    if policy == Lru.name and sizes:
        faults = dict(miss_curve(references, max(sizes)))
        return [(size, faults[size]) for size in sizes]
    return [(size, simulate(policy, size, references, seed=seed).faults) for size in sizes]


def parse_references(text: str) -> list[int]:
    """Page numbers out of ``"7,0,1"``, between commas or spaces. BadInput names ``refs``."""
    words = re.split(r"\s*,\s*|\s+", text.strip())  # nothing between two commas: an empty word
    if not any(words):
        raise BadInput("refs", _("there is no page number in it; write some, such as 7,0,1"))
    for word in words:
        if not (word.isascii() and word.isdigit() and len(word) < 20):
            raise BadInput(
                "refs",
                _(
                    "{word!r} is not a page number; write whole numbers from 0, such as 7,0,1"
                ).format(word=word),
            )
    return [int(word) for word in words]


def _ready(policy: str | Policy, frames: int, references: Sequence[int], seed: int) -> Policy:
    """Check the input and have a policy to start with."""
    _check(frames, references)
    return policy if isinstance(policy, Policy) else new_policy(policy, references, seed=seed)


def _check(frames: int, references: Sequence[int]) -> None:
    if not isinstance(frames, int) or frames < 1:
        raise BadInput(
            "frames", _("{frames!r} is not a whole number from 1 up").format(frames=frames)
        )
    if not len(references):
        raise BadInput("references", _("there are none; give at least one page number"))
    # Both tests run in C: a million references cost a few hundredths of a second.
    if set(map(type, references)) != {int} or min(references) < 0:
        wrong = next(page for page in references if type(page) is not int or page < 0)
        raise BadInput(
            "references", _("{page!r} is not a whole number from 0 up").format(page=wrong)
        )


def _replay(policy: Policy, frames: int, references: Sequence[int]) -> Iterator[Step]:
    """``simulate`` with frame numbers."""
    memory: list[int | None] = [None] * frames
    place: dict[int, int] = {}
    for page in references:
        if page in place:
            policy.hit(page)
            yield Step(page, True, None, None, tuple(memory))
            continue
        evicted = policy.victim() if len(place) == frames else None
        frame = len(place) if evicted is None else place.pop(evicted)
        policy.load(page)
        place[page] = frame
        memory[frame] = page
        yield Step(page, False, frame, evicted, tuple(memory))


def _recorded(policy: Policy, frames: int, references: Sequence[int], trace: Trace) -> Result:
    hits = evictions = 0
    for time, step in enumerate(_replay(policy, frames, references)):
        hits += step.hit
        evictions += step.evicted is not None
        frame = step.resident.index(step.reference)
        trace.add(
            time,
            f"frame {frame}",
            "hit" if step.hit else "fault",
            str(step.reference),
            duration=1,
            page=step.reference,
            frame=frame,
            evicted=step.evicted,
        )
    faults = len(references) - hits
    return Result(policy.name, frames, len(references), hits, faults, evictions)
