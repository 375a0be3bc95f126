"""What does an access cost on average, with misses of the TLB or with page faults?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _


@exercise("kernel/memory/effective-access", title=N_("The mean time of an access"))
def effective_access(rng: random.Random) -> Problem:
    """Either the TLB's misses or the page faults make an access slower."""
    return _with_tlb(rng) if rng.random() < 0.5 else _with_faults(rng)


def _with_tlb(rng: random.Random) -> Problem:
    tlb, memory = rng.choice((1, 2, 5)), rng.choice((50, 80, 100))
    levels = rng.choice((2, 3, 4))
    hits = rng.choice((80, 90, 95, 98) if memory == 100 else (70, 80, 90))
    walks = (100 - hits) * levels * memory  # nanoseconds in a hundred accesses
    answer = (100 * (tlb + memory) + walks) // 100
    mistakes: list[Mistake] = [
        (answer - memory, _("After the translation, the access itself still has to be made.")),
        (answer - tlb, _("The TLB is asked at every access. Its time is missing.")),
        (
            tlb + memory + hits * levels * memory // 100,
            _("The walk was counted for the hits. It is the misses that walk."),
        ),
        (
            tlb + memory + (100 - hits) * memory // 100,
            _("A walk reads one table for each level, so {levels} of them.").format(levels=levels),
        ),
        (
            (hits * (tlb + memory) + (100 - hits) * (tlb + levels * memory)) // 100,
            _("After a walk, too, the access itself still has to be made."),
        ),
        (tlb + memory, _("That is the time of a hit. Some accesses miss.")),
        (tlb + memory + levels * memory, _("That is the time of a miss. Most accesses hit.")),
    ]
    return Problem(
        prompt=_(
            "Asking the TLB takes {tlb} ns, a memory access {memory} ns. The page table has"
            " {levels}"
            " levels, and every level costs a walk one memory access. Of 100 accesses, {hits} hit"
            " the"
            " TLB. How many nanoseconds does an access take on average?"
        ).format(tlb=tlb, memory=memory, levels=levels, hits=hits),
        expects=_("A whole number of nanoseconds."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Add up the time of 100 accesses, hits and misses apart.")),
        hints=(
            _("Every access asks the TLB and then reads memory. What comes on top at a miss?"),
            _("A miss walks through {levels} levels. Of 100 accesses, {misses} do.").format(
                levels=levels, misses=100 - hits
            ),
            _("A hit takes {hit} ns, a miss {miss} ns.").format(
                hit=tlb + memory, miss=tlb + memory + levels * memory
            ),
        ),
        solution=_(
            "Every access: {tlb} + {memory} ns. A miss walks as well, {levels} × {memory} ns, and"
            " {misses} of 100 accesses do: {walks} ns on average. Together {answer} ns."
        ).format(
            tlb=tlb,
            memory=memory,
            levels=levels,
            misses=100 - hits,
            walks=walks // 100,
            answer=answer,
        ),
    )


def _with_faults(rng: random.Random) -> Problem:
    memory, service = rng.choice((50, 80, 100)), rng.choice((2, 4, 5, 6, 8))
    shares = {every: service * 1_000_000 // every for every in (1_000, 10_000, 20_000, 50_000)}
    every = rng.choice([every for every, share in shares.items() if share != memory])
    share = shares[every]
    answer = memory + share
    mistakes: list[Mistake] = [
        (memory, _("That is an access without a fault. Rare faults are slow enough to count.")),
        (share, _("Every access takes memory's own time as well.")),
        (
            memory + service * 1_000 // every,
            _("A millisecond has 1,000,000 nanoseconds, not 1,000."),
        ),
        (
            memory + service,
            _("That takes a fault for every access, and milliseconds for nanoseconds."),
        ),
        (
            memory + service * 1_000_000,
            _("That is an access that faults. Only one in {every:,} does.").format(every=every),
        ),
    ]
    return Problem(
        prompt=_(
            "A memory access takes {memory} ns. One access in {every:,} faults, and a page fault"
            " takes"
            " {service} ms more. How many nanoseconds does an access take on average?"
        ).format(memory=memory, every=every, service=service),
        expects=_("A whole number of nanoseconds."),
        answer=answer,
        read=whole,
        explain=recognise(
            mistakes,
            _("Share the time of one fault out among all {every:,} accesses.").format(every=every),
        ),
        hints=(
            _("How much time do {every:,} accesses take that have one fault among them?").format(
                every=every
            ),
            _("{service} ms are {ns:,} ns.").format(service=service, ns=service * 1_000_000),
            _("The fault adds {share} ns to each of the {every:,} accesses on average.").format(
                share=share, every=every
            ),
        ),
        solution=_(
            "{service} ms are {ns:,} ns; shared among {every:,} accesses, {share} ns each. With the"
            " access"
            " itself, {memory} + {share} = {answer} ns."
        ).format(
            service=service,
            ns=service * 1_000_000,
            every=every,
            share=share,
            memory=memory,
            answer=answer,
        ),
    )
