"""Why translation is affordable: the TLB, and the programs that defeat it."""

from __future__ import annotations

from random import Random

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.kernel.memory import wording
from lab_kernel.explore.wording import counted, percent
from lab_kernel.kernel.mmu import TLB, Mmu, PageTable
from lab_kernel.kernel.stack_distance import miss_curve
from lab_kernel.language import N_, _
from lab_kernel.trace import Trace

PAGE, WORD, REFERENCES, SHOWN = 4096, 8, 4096, 24
ENTRIES = 16

# Example costs, assumed for the arithmetic; no particular processor.
TLB_NS, MEMORY_NS, WALK_READS = 1, 100, 4

PATTERNS = {
    "sequential": N_("One word after another"),
    "stride": N_("A word of each of 16 pages, over and over"),
    "loop": N_("A loop over 5 pages"),
    "random": N_("12 pages at random"),
}


def addresses(pattern: str) -> list[int]:
    """The virtual addresses of a pattern, 4,096 of them."""
    every = range(REFERENCES)
    if pattern == "sequential":
        return [n * WORD for n in every]
    if pattern == "random":
        chance = Random(1)
        return [chance.randrange(12) * PAGE for n in every]
    around = 16 if pattern == "stride" else 5
    return [n % around * PAGE for n in every]


def effective_ns(hit_ratio: float) -> float:
    """Mean time of a memory access: the TLB, the walk on a miss, then the access itself."""
    return TLB_NS + (1 - hit_ratio) * WALK_READS * MEMORY_NS + MEMORY_NS


@explorable(
    "kernel/memory/tlb",
    title=N_("What the TLB saves"),
    predict=N_(
        "A program goes round 5 pages. How often does a TLB of 4 entries hit? And one of 5?"
    ),
    controls=(
        Whole(name="entries", label=N_("TLB entries"), default=4, low=1, high=ENTRIES),
        Choice(
            name="pattern",
            label=N_("What the program uses"),
            default="loop",
            options=tuple(PATTERNS.items()),
        ),
    ),
)
def tlb(entries: int, pattern: str) -> View:
    """4,096 references through a fully associative LRU TLB, at assumed example costs."""
    used = addresses(pattern)
    table = PageTable()
    for page in range(max(used) // PAGE + 1):
        table.map(page, page)
    mmu = Mmu(table, TLB(entries))
    trace = Trace()
    for n, address in enumerate(used):
        hit = mmu.translate(address).tlb_hit
        if n < SHOWN:
            page = address // PAGE
            trace.add(
                n,
                _("page {page}").format(page=page),
                _("hit") if hit else _("miss"),
                str(page),
                duration=1,
            )
    ratio = mmu.tlb.hits / REFERENCES
    label = _(PATTERNS[pattern])
    size = counted(entries, N_("{n} entry"), N_("{n} entries"))
    says = _(
        "{pattern}, TLB of {entries}: {hits} in {references} ({percent});"
        " with an assumed {tlb} ns for the TLB, {memory} ns for a memory access and"
        " {walk} of them for a walk, an access takes {effective} ns on average."
    ).format(
        entries=size,
        pattern=label,
        hits=wording.hits(mmu.tlb.hits),
        references=wording.references(REFERENCES),
        percent=percent(ratio),
        tlb=TLB_NS,
        memory=MEMORY_NS,
        walk=WALK_READS,
        effective=f"{effective_ns(ratio):.1f}".removesuffix(".0"),
    )
    # LRU is a stack algorithm: one pass answers for every number of entries.
    misses = miss_curve([address // PAGE for address in used], ENTRIES)
    curve = [(size, 100 * (1 - missed / REFERENCES)) for size, missed in misses]
    first = fig.timeline(
        trace,
        title=_("The first {count} references").format(count=SHOWN),
        description=_("Misses at the references: {numbers}.").format(
            numbers=", ".join(str(e.time + 1) for e in trace.where(kind=_("miss"))) or "-"
        ),
        x_label=_("reference"),
        kinds=[_("hit"), _("miss")],
    )
    second = fig.line_chart(
        [
            fig.Series(_("hits"), curve),
            fig.Series(size, [(entries, 100 * ratio)]),
        ],
        title=_("Hits by the number of entries"),
        description=", ".join(f"{size}: {percent(hit / 100)}" for size, hit in curve) + ".",
        x_label=_("TLB entries"),
        y_label=_("references that hit, %"),
    )
    return View((first, second), says)
