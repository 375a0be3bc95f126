"""The explorables of the memory chapter: what they draw is what the oracles say."""

from __future__ import annotations

import re
from collections import OrderedDict
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel import host
from lab_kernel.errors import BadInput
from lab_kernel.explore import View
from lab_kernel.explore.kernel.memory import (
    buddies,
    halves,
    inputs,
    limits,
    owners,
    recorded,
    tlb,
    walk,
    wording,
)
from lab_kernel.kernel.mmu import PageTable
from lab_kernel.kernel.replacement import POLICIES
from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "kernel/memory/"
    declared = (
        "address-space",
        "allocator",
        "buddy",
        "demand-paging",
        "frames",
        "mapped-and-resident",
        "miss-curve",
        "oom",
        "overcommit",
        "page-walk",
        "recorded",
        "replacement",
        "tlb",
    )
    refused = (
        ("frames", "step", 7),
        ("address-space", "address", "program"),
        ("address-space", "address", "0x1ffffffffffffffff"),
        ("address-space", "mode", "root"),
        ("page-walk", "address", "-1"),
        ("page-walk", "levels", "12"),
        ("page-walk", "access", "execute"),
        ("page-walk", "mode", ""),
        ("tlb", "entries", 0),
        ("tlb", "pattern", "zigzag"),
        ("demand-paging", "touches", "16"),
        ("demand-paging", "touches", ""),
        ("replacement", "policy", "best"),
        ("replacement", "frames", 9),
        ("replacement", "references", "1,2,x"),
        ("replacement", "references", ",".join(["1"] * 41)),
        ("miss-curve", "references", "1000"),
        ("recorded", "program", "doom"),
        ("recorded", "frames", "3"),
        ("allocator", "strategy", "luck"),
        ("allocator", "order", "time"),
        ("allocator", "coalesce", "perhaps"),
        ("allocator", "ops", "+0"),
        ("allocator", "ops", "+101"),
        ("allocator", "ops", "+1,-1"),
        ("buddy", "ops", "+17"),
        ("buddy", "ops", "-0"),
        ("buddy", "ops", "+1,-0,-0"),
        ("overcommit", "mode", "3"),
        ("overcommit", "ratio", 101),
        ("overcommit", "request", "0"),
        ("overcommit", "request", ""),
        ("oom", "adj", 1001),
    )

    # Here, not below, so that xdist runs them where their simulations have been run.

    def test_lru_on_a_recording_is_what_an_ordered_dict_counts(self) -> None:
        memory: OrderedDict[int, None] = OrderedDict()
        faults = 0
        for page in host.recording("join").data[: recorded.KEPT]:
            faults += page not in memory
            memory[page] = None
            memory.move_to_end(page)
            if len(memory) > 48:
                memory.popitem(last=False)
        assert faults == recorded.faults_with("join", 48)["lru"]
        assert f"LRU {faults:,}" in self.view("recorded", program="join", frames="48").says

    @pytest.mark.parametrize("program", recorded.PROGRAMS)
    def test_where_the_textbook_order_breaks(self, program: str) -> None:
        swapped = {size: recorded.out_of_order(program, size) for size in recorded.SIZES[program]}
        assert any(swapped.values()), "or the sentence for an order that holds has nothing to name"
        assert all("opt" not in pair for pairs in swapped.values() for pair in pairs)

    def test_chance_beats_fifo_on_a_loop_that_is_too_large(self) -> None:
        assert ("random", "fifo") in recorded.out_of_order("join", 48)

    def test_beladys_anomaly_happens_to_bzip2(self) -> None:
        """A plain queue, kept here, faults more with 66 frames than with 65."""

        def fifo(frames: int) -> int:
            queue: OrderedDict[int, None] = OrderedDict()
            faults = 0
            for page in host.recording("bzip2").data[: recorded.KEPT]:
                if page in queue:
                    continue
                faults += 1
                queue[page] = None
                if len(queue) > frames:
                    queue.popitem(last=False)
            return faults

        assert fifo(66) > fifo(65) == recorded.faults_with("bzip2", 65)["fifo"]
        assert f"{fifo(66):,}" in self.view("recorded", program="bzip2", frames=65).says


view = TestEveryOne.view


def numbers(text: str) -> list[int]:
    return [int(number) for number in re.findall(r"-?\d+", text.replace(",", ""))]


def test_a_32_bit_walk_refuses_a_longer_address() -> None:
    with pytest.raises(BadInput, match="address"):
        view("page-walk", levels="10-10-12", address="0x100000000")


# Frames and translation


@pytest.mark.parametrize(
    ("step", "used", "shared"),
    [(0, 4, 0), (1, 7, 0), (2, 9, 0), (3, 9, 3), (4, 10, 2), (5, 8, 2), (6, 7, 0)],
)
def test_frames_are_accounted_for(step: int, used: int, shared: int) -> None:
    """Counted by hand; used + unused == total always (fact K02)."""
    drawn = view("frames", step=step)
    found = numbers(drawn.says.rpartition(": ")[2])
    assert found == [used, owners.KERNELS, shared, owners.FRAMES - used, owners.FRAMES]
    covered = [
        n
        for first, last in re.findall(r"Frames (\d+) to (\d+)", drawn.figures[0].description)
        for n in range(int(first), int(last) + 1)
    ]
    assert covered == list(range(owners.FRAMES))


@pytest.mark.parametrize(
    ("address", "mode", "expected"),
    [
        (0xFFFF_FFFF_8100_0000, "user", "error code 5"),
        (0xFFFF_FFFF_8100_0000, "kernel", "frame 0 in A and in B alike"),
        (0xFFFF_8880_0001_0000, "kernel", "frame 16 in A and in B alike"),  # A's program, too
        (0x40_0000, "user", "frame 16 in A but frame 32 in B"),
        (0x7FFF_FFFF_EFFF, "user", "frame 18 in A but frame 34 in B"),
        (0x50_0000, "user", "error code 4"),
        (0xFFFF_8880_1000_0000, "kernel", "error code 0"),
        (0x8000_0000_0000, "user", "general protection fault"),
    ],
)
def test_the_two_halves(address: int, mode: str, expected: str) -> None:
    """Codes: Intel SDM, volume 3A, "Page-Fault Exceptions": P 1, W/R 2, U/S 4 (fact K07)."""
    assert expected in view("address-space", address=address, mode=mode).says


def test_the_kernel_half_is_the_same_in_every_process() -> None:
    a, b = halves.two_processes()

    def half(table: PageTable, kernel: bool) -> list[tuple[int, int | None]]:
        return [(p, e.frame) for p, e in table.entries() if table.is_kernel(p) == kernel]

    assert half(a, True) == half(b, True) != []
    assert not {frame for _p, frame in half(a, False)} & {frame for _p, frame in half(b, False)}


@pytest.mark.parametrize(("levels", "tables"), [("10-10-12", 2), ("9-9-9-9-12", 4)])
def test_the_walk_finds_the_frame(levels: str, tables: int) -> None:
    drawn = view("page-walk", address=0x401D1C, levels=levels)
    assert "0x2bd1c" in drawn.says
    assert f"{tables} table reads" in drawn.says
    for part in walk.SHAPES[levels]:
        assert f"{part} (table" in re.sub("<[^>]*>", "", drawn.figures[0].svg)


@pytest.mark.parametrize(
    ("address", "access", "mode", "code"),
    [
        (0x400000, "write", "user", 7),
        (0x402000, "read", "user", 4),
        (0x402000, "write", "kernel", 2),
        (0x500000, "write", "user", 6),
        (0xFFC00000, "read", "user", 5),
    ],
)
def test_the_walk_finds_the_fault(address: int, access: str, mode: str, code: int) -> None:
    drawn = view("page-walk", address=address, levels="10-10-12", access=access, mode=mode)
    assert f"error code {code}:" in drawn.says
    assert "physical" not in drawn.says


@pytest.mark.parametrize("entries", range(1, 17))
def test_the_tlb_misses_as_arithmetic_says(entries: int) -> None:
    """LRU on a loop of n pages: every reference misses below n entries, n of them from n on."""
    for pattern, pages in (("loop", 5), ("stride", 16)):
        misses = tlb.REFERENCES if entries < pages else pages
        drawn = view("tlb", entries=entries, pattern=pattern)
        assert f" {wording.hits(tlb.REFERENCES - misses)} " in drawn.says
    misses = tlb.REFERENCES * tlb.WORD // tlb.PAGE
    assert (
        f" {wording.hits(4096 - misses)} "
        in view("tlb", entries=entries, pattern="sequential").says
    )


@pytest.mark.parametrize("pattern", tlb.PATTERNS)
def test_the_tlb_and_its_curve_agree(pattern: str) -> None:
    """Two roads to one figure: the Mmu's counter, and stack distances."""
    for entries in (1, 3, 8):
        drawn = view("tlb", entries=entries, pattern=pattern)
        percent = re.search(r"\(([\d.]+%)\)", drawn.says)
        assert percent is not None
        assert f"{entries}: {percent[1]}" in drawn.figures[1].description


def test_effective_access_time() -> None:
    """1 ns + 100 ns on a hit; four more accesses of 100 ns on a miss."""
    assert tlb.effective_ns(1) == 101
    assert tlb.effective_ns(0) == 501
    assert tlb.effective_ns(0.5) == 301


# Paging


@given(st.lists(st.integers(0, 7), min_size=1, max_size=24))
def test_a_page_faults_once(touches: list[int]) -> None:
    found = numbers(view("demand-paging", touches=touches).says)
    first = len(set(touches))
    assert found == [8, 32, first, len(touches) - first, first, 4 * first]


def test_a_touch_outside_ends_the_process() -> None:
    drawn = view("demand-paging", touches=[0, 9, 1])
    assert "page 9" in drawn.says and "1 page resident" in drawn.says
    assert "page 1" not in drawn.figures[0].description


def test_the_recorded_demonstration_adds_up() -> None:
    """64 MiB are 16,384 pages of 4 KiB: one fault each, none at mapping time."""
    drawn = view("mapped-and-resident")
    metadata = host.recording("memory-proc").metadata
    assert metadata["date"] in drawn.says and metadata["kernel"] in drawn.says
    assert "mapping 64 MiB" in drawn.says and "resident memory by 0 MiB" in drawn.says
    assert f"{64 * 1024 // 4:,} minor faults" in drawn.says


# Replacement


def faulting(drawn: View) -> int:
    """How many references the picture marks as faults."""
    return len(drawn.figures[0].description.rpartition(":")[2].split(","))


@pytest.mark.parametrize(
    ("policy", "frames", "faults"),
    [
        # Silberschatz, Galvin and Gagne, "Operating System Concepts", virtual memory; 4 frames
        # and CLOCK with the reference bit set on load: recomputed.
        ("fifo", 3, 15), ("lru", 3, 12), ("opt", 3, 9), ("clock", 3, 14),
        ("fifo", 4, 10), ("lru", 4, 8), ("opt", 4, 8),
    ],
)  # fmt: skip
def test_the_textbook_string(policy: str, frames: int, faults: int) -> None:
    drawn = view("replacement", policy=policy, frames=frames)
    assert faulting(drawn) == faults
    assert wording.faults(faults) in drawn.says
    assert wording.hits(20 - faults) in drawn.says


@given(
    st.sampled_from(sorted(POLICIES)),
    st.integers(1, 8),
    st.lists(st.integers(0, 9), min_size=1, max_size=40),
)
def test_no_policy_beats_the_bound_it_is_told(
    policy: str, frames: int, references: list[int]
) -> None:
    own = faulting(view("replacement", policy=policy, frames=frames, references=references))
    best = faulting(view("replacement", policy="opt", frames=frames, references=references))
    assert best <= own


def test_belady() -> None:
    """Belady, Nelson and Shedler 1969: FIFO has 9 faults with 3 frames and 10 with 4."""
    drawn = view("miss-curve")
    lines = {
        name: numbers(counts)
        for name, counts in re.findall(r"([A-Z, ]+): ([\d, ]+)\.", drawn.figures[0].description)
    }
    found = {
        name: counts[2:4] for names, counts in lines.items() for name in names.strip().split(", ")
    }
    assert found == {"FIFO": [9, 10], "CLOCK": [9, 10], "LRU": [10, 8], "OPT": [7, 6]}
    assert "9 faults with 3 frames but 10 with 4" in drawn.says


def test_no_anomaly_where_there_is_none() -> None:
    assert view("miss-curve", references=[1, 2, 3, 1, 2, 3]).says.startswith("No anomaly")


# Allocation and limits


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        # By hand: 15 used, 5 + 10 free, 25 used, 5 + 10 free, 30 used.
        ({}, "no room for +12; 30 of 100 bytes free, 10 in the largest block"),
        ({"coalesce": "on"}, "every request fitted; 18 of 100 bytes free, 15 in the largest block"),
        ({"strategy": "worst"}, "no room for +30"),
        ({"ops": "+50,+60"}, "2 free-list entries searched, no room for +60"),
    ],
)
def test_the_heap(values: dict[str, str], expected: str) -> None:
    assert expected in view("allocator", **values).says


def test_the_buddies() -> None:
    """By hand: 3 of 4 at 0, 1 at 4, 5 of 8 at 8, 2 at 6; 4 and 5 joined when the 1 is freed."""
    drawn = view("buddy")
    assert drawn.says.startswith("4 splits and 1 merge; 14 frames handed out for 10")
    assert drawn.figures[0].description.endswith(
        "-1: 0 to 3 used, 4 to 5 free, 6 to 7 used, 8 to 15 used."
    )


@given(st.lists(st.integers(1, 2), min_size=1, max_size=5), st.randoms())
def test_buddies_all_freed_are_one_block_again(sizes: list[int], chance: Random) -> None:
    frees = [f"-{n}" for n in range(len(sizes))]
    chance.shuffle(frees)
    drawn = view("buddy", ops=[*(f"+{size}" for size in sizes), *frees])
    splits, merges, used, wanted, wasted = numbers(drawn.says)
    assert splits == merges > 0
    assert used == wanted == wasted == 0
    assert drawn.figures[1].description == "order 4: 0 to 15 free."


@pytest.mark.parametrize(
    ("frames", "order"), [(1, 0), (2, 1), (3, 2), (4, 2), (5, 3), (8, 3), (9, 4), (16, 4)]
)
def test_the_order_that_holds_so_many_frames(frames: int, order: int) -> None:
    assert buddies.order_for(frames) == order


@pytest.mark.parametrize(
    ("values", "promised", "refused"),
    [
        # Linux, Documentation/mm/overcommit-accounting.rst; 16 GiB of RAM, 4 GiB of swap.
        ({"mode": "0"}, 18, "24"),
        ({"mode": "1"}, 42, None),
        ({"mode": "2"}, 11, "7, 24"),  # CommitLimit 4 + 16 / 2 = 12
        ({"mode": "2", "ratio": 100}, 18, "24"),
        ({"mode": "2", "ratio": 0}, 0, "5, 6, 7, 24"),
        ({"mode": "2", "request": "6,6"}, 6, "6"),  # the sum must stay below the limit
    ],
)
def test_overcommit(values: dict[str, object], promised: int, refused: str | None) -> None:
    says = view("overcommit", **values).says
    assert f" {promised} GiB promised" in says
    assert (f"refused {refused} GiB" if refused else "nothing refused") in says


@pytest.mark.parametrize(
    ("adj", "victim"),
    [
        (0, "database"),
        (-100, "database"),
        (-200, "build job"),
        (-1000, "build job"),
        (1000, "database"),
    ],
)
def test_the_oom_killer(adj: int, victim: str) -> None:
    """8.5 GiB + adj thousandths of 20 GiB against the build job's 6 (Linux mm/oom_kill.c)."""
    drawn = view("oom", adj=adj)
    assert drawn.says.startswith(f"Killed: {victim};")
    assert "sshd never" in drawn.says


def test_the_machine_is_full() -> None:
    """What the processes hold is no more than there is."""
    assert sum(resident for _name, resident, _swap, _adj in limits.PROCESSES) <= limits.RAM
    assert sum(swap for _name, _resident, swap, _adj in limits.PROCESSES) == limits.SWAP


# What the controls read


@given(st.integers(0, (1 << 64) - 1))
def test_an_address_reads_back_what_it_writes(number: int) -> None:
    assert inputs.address(str(inputs.address(str(number)))) == number
    assert str(inputs.address(hex(number))) == hex(number)


@pytest.mark.parametrize(
    "text",
    ["", "0x", "-1", "1e3", "٣", "0x1" + "0" * 16, "0b1", "0o17", "0b" + "1" * 64, str(1 << 64)],
)
def test_what_is_no_address(text: str) -> None:
    with pytest.raises(BadInput):
        inputs.address(text)


def test_sizes_and_operations() -> None:
    assert inputs.sizes(3, 99)(" 4, 8 16") == (4, 8, 16)
    assert inputs.operations(3, 99)("+8 , +4 -0") == ("+8", "+4", "-0")


@pytest.mark.parametrize(
    "text",
    ["", " , ", "4,,8", "4,8,", ",4", "0", "100", "1e1", "4" * 5000, "0000000019999", "000000001x"],
)
def test_what_are_no_sizes(text: str) -> None:
    with pytest.raises(BadInput):
        inputs.sizes(3, 99)(text)


@pytest.mark.parametrize("text", ["", ",", "+8,,-0", "+8,", ",+8", "8"])
def test_what_are_no_operations(text: str) -> None:
    with pytest.raises(BadInput):
        inputs.operations(3, 99)(text)
