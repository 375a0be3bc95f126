"""Page tables, the TLB and the MMU."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.errors import BadInput
from lab_kernel.kernel.mmu import (
    KERNEL,
    NOT_CANONICAL,
    NOT_PRESENT,
    PROTECTION,
    TLB,
    Mmu,
    PageTable,
    read_page_table,
)

SPEC = "10,10,12 0x1=0x2a:rwu 0x2=0x2b:ru 0x3=swap 0x4=0x2c:rw 0x5=0x2d:rxu"


# --- walks -----------------------------------------------------------------------------------


def test_a_walk_takes_one_step_a_level() -> None:
    walk = read_page_table(SPEC).walk(0x1D1C)
    assert [(s.level, s.table, s.index, s.next_table) for s in walk.steps] == [
        (2, 0, 0, 1),
        (1, 1, 1, None),
    ]
    assert walk.physical == 0x2AD1C and walk.fault is None


def test_indices_of_a_48_bit_address() -> None:
    # Intel SDM 3A, "4-Level Paging": bits 47:39, 38:30, 29:21, 20:12 select the entries.
    table = PageTable()
    address = (1 << 39) | (2 << 30) | (3 << 21) | (4 << 12) | 5
    table.map(address >> 12, 7)
    walk = table.walk(address)
    assert [step.index for step in walk.steps] == [1, 2, 3, 4]
    assert walk.physical == 0x7005


@pytest.mark.parametrize(
    ("address", "access", "kind", "code"),
    [
        # Intel SDM 3A, "Page-Fault Exceptions": P 1, W/R 2, U/S 4, I/D 16.
        (0x3000, {}, NOT_PRESENT, 4),
        (0x3000, {"write": True}, NOT_PRESENT, 6),
        (0x3000, {"user": False}, NOT_PRESENT, 0),
        (0x2000, {"write": True}, PROTECTION, 7),
        (0x2000, {"write": True, "user": False}, PROTECTION, 3),
        (0x1000, {"execute": True}, PROTECTION, 21),
        (0x4000, {}, KERNEL, 5),
        (0x4000, {"write": True}, KERNEL, 7),
        (0x7FFF_F000, {}, NOT_PRESENT, 4),
    ],
)
def test_page_faults(address: int, access: dict[str, bool], kind: str, code: int) -> None:
    walk = read_page_table(SPEC).walk(address, **access)
    assert walk.fault is not None and walk.physical is None
    assert (walk.fault.kind, walk.fault.error_code) == (kind, code)
    assert str(code) in str(walk.fault)


@pytest.mark.parametrize(
    ("address", "access"),
    [
        (0x1000, {"write": True}),
        (0x2000, {}),
        (0x4000, {"user": False, "write": True}),
        (0x5000, {"execute": True}),
    ],
)
def test_allowed_accesses(address: int, access: dict[str, bool]) -> None:
    assert read_page_table(SPEC).walk(address, **access).fault is None


def test_accessed_and_dirty_follow_the_access() -> None:
    table = PageTable((2, 2), 4)
    entry = table.map(1, 3)
    table.entry(1)
    assert not entry.accessed
    table.walk(0x10)
    assert entry.accessed and not entry.dirty
    table.walk(0x10, write=True)
    assert entry.dirty


def test_a_refused_write_leaves_the_page_clean() -> None:
    table = PageTable((2, 2), 4)
    entry = table.map(1, 3, writable=False)
    assert table.walk(0x10, write=True).fault is not None
    assert not entry.dirty and not entry.accessed


@pytest.mark.parametrize(
    ("address", "page"),
    [
        (0x7FFF_FFFF_FFFF, 0x7_FFFF_FFFF),
        (0x8000_0000_0000, None),
        (0xFFFF_7FFF_FFFF_FFFF, None),
        (0xFFFF_8000_0000_0000, 0x8_0000_0000),
        (0xFFFF_FFFF_FFFF_FFFF, 0xF_FFFF_FFFF),
    ],
)
def test_canonical_addresses(address: int, page: int | None) -> None:
    # Linux Documentation/arch/x86/x86_64/mm.rst: the hole between the halves of 128 TB.
    assert PageTable().page_of(address) == page


def test_a_hole_address_is_no_page_fault() -> None:
    fault = PageTable().walk(1 << 47).fault
    assert fault is not None
    assert (fault.kind, fault.error_code) == (NOT_CANONICAL, None)
    assert "general protection" in str(fault)


# --- tables in use ---------------------------------------------------------------------------


def test_one_page_needs_one_table_a_level() -> None:
    table = PageTable()
    assert table.tables() == [1, 0, 0, 0]
    table.map(0x12345, 1)
    assert table.tables() == [1, 1, 1, 1]
    assert table.bytes() == 4 * 4096  # four tables of 512 entries of 8 bytes
    assert table.flat_bytes() == 2**36 * 8  # one entry for every page: 512 GiB


def test_unmapping_removes_empty_tables_only() -> None:
    table = PageTable((2, 2, 2), 4)
    table.map(0, 1)
    table.map(1, 2)
    table.map(20, 3)
    assert table.tables() == [1, 2, 2]
    removed = table.unmap(20)
    assert removed is not None and removed.frame == 3
    assert table.tables() == [1, 1, 1]
    assert table.unmap(20) is None
    table.unmap(0)
    assert [page for page, _entry in table.entries()] == [1]
    table.unmap(1)
    assert table.tables() == [1, 0, 0]


@given(
    st.lists(st.integers(1, 4), min_size=1, max_size=4),
    st.integers(1, 6),
    st.lists(st.tuples(st.integers(0, 2**16 - 1), st.integers(0, 99), st.booleans()), max_size=30),
)
def test_a_tree_translates_as_a_dictionary_would(
    index_bits: list[int], offset_bits: int, changes: list[tuple[int, int, bool]]
) -> None:
    table, model = PageTable(index_bits, offset_bits), dict[int, int]()
    for number, frame, add in changes:
        page = number % table.pages
        if add:
            table.map(page, frame)
            model[page] = frame
        else:
            table.unmap(page)
            model.pop(page, None)
    assert [(page, entry.frame) for page, entry in table.entries()] == sorted(model.items())
    for page, frame in model.items():
        walk = table.walk(page << offset_bits | 1, user=not table.is_kernel(page))
        assert walk.physical == frame << offset_bits | 1
        assert len(walk.steps) == len(index_bits)
    needed = {page >> index_bits[-1] for page in model}
    assert table.tables()[-1] == (len(needed) if len(index_bits) > 1 else 1)


# --- the kernel's half -----------------------------------------------------------------------


def test_the_kernel_half_is_one_for_all_and_closed_to_users() -> None:
    a = PageTable()
    b = PageTable()
    b.share_kernel(a)
    kernel = 0xFFFF_8000_0000_0000
    a.map(1, 100)
    b.map(1, 200)
    b.map(a.page_of(kernel) or 0, 300)  # mapped through one, seen through both
    for table, frame in ((a, 100), (b, 200)):
        assert table.walk(0x1000).physical == frame << 12
        assert table.walk(kernel, user=False).physical == 300 << 12
        fault = table.walk(kernel).fault
        assert fault is not None and fault.kind == KERNEL
    assert a.number != b.number
    assert {s.table for s in a.walk(0x1000).steps}.isdisjoint(s.table for s in b.walk(0x1000).steps)


def test_sharing_is_for_empty_tables_of_the_same_shape() -> None:
    used = PageTable((2, 2), 4)
    used.map(0, 1)
    with pytest.raises(ValueError, match="empty"):
        used.share_kernel(PageTable((2, 2), 4))
    with pytest.raises(ValueError, match="shape"):
        PageTable((2, 2), 4).share_kernel(PageTable())


# --- the TLB ---------------------------------------------------------------------------------


def test_the_second_access_hits() -> None:
    mmu = Mmu(read_page_table(SPEC))
    first, second = mmu.translate(0x1000), mmu.translate(0x1FFF)
    assert (first.tlb_hit, second.tlb_hit) == (False, True)
    assert first.walk is not None and second.walk is None
    assert second.physical == 0x2AFFF
    assert (mmu.tlb.hits, mmu.tlb.misses) == (1, 1)


def test_a_walk_that_faults_loads_nothing() -> None:
    mmu = Mmu(read_page_table(SPEC))
    assert not mmu.translate(0x3000).tlb_hit
    assert not mmu.translate(0x3000).tlb_hit
    assert len(mmu.tlb) == 0


def test_a_hit_still_checks_rights_and_a_fault_drops_the_entry() -> None:
    mmu = Mmu(read_page_table(SPEC))
    mmu.translate(0x2000)
    refused = mmu.translate(0x2000, write=True)
    assert refused.tlb_hit and refused.fault is not None
    assert refused.fault.error_code == 7
    assert not mmu.translate(0x2000).tlb_hit


def test_a_write_that_hits_makes_the_page_dirty() -> None:
    table = read_page_table(SPEC)
    mmu = Mmu(table)
    mmu.translate(0x1000)
    mmu.translate(0x1000, write=True)
    entry = table.entry(1)
    assert entry is not None and entry.dirty


def test_the_tlb_is_stale_until_told() -> None:
    table = PageTable((4,), 4)
    table.map(1, 5)
    mmu = Mmu(table)
    mmu.translate(0x10)
    table.map(1, 6)
    assert mmu.translate(0x10).physical == 0x50
    mmu.tlb.invalidate(0, 1)
    assert mmu.translate(0x10).physical == 0x60


def test_least_recently_used_leaves() -> None:
    table = PageTable((4,), 4)
    for page in range(4):
        table.map(page, page)
    mmu = Mmu(table, TLB(2))
    for page in (0, 1, 0, 2):
        mmu.translate(page << 4)
    assert mmu.tlb.pages() == [(0, 0), (0, 2)]


def test_array_of_the_textbook() -> None:
    # OSTEP, chapter 19, figure 19.2: ten 4-byte integers from address 100 with 16-byte pages:
    # miss, hit, hit, miss, hit, hit, hit, miss, hit, hit: a hit rate of 70 %.
    table = PageTable((4,), 4)
    for page in range(6, 9):
        table.map(page, page, user=True)
    mmu = Mmu(table)
    hits = [mmu.translate(100 + 4 * i).tlb_hit for i in range(10)]
    assert "".join("h" if hit else "m" for hit in hits) == "mhhmhhhmhh"


def test_address_space_numbers_keep_spaces_apart() -> None:
    one, two = PageTable((4,), 4), PageTable((4,), 4)
    one.map(1, 5)
    two.map(1, 6)
    mmu = Mmu(one, TLB(4), asid=1)
    mmu.translate(0x10)
    mmu.switch(two, asid=2)
    assert mmu.translate(0x10).physical == 0x60
    mmu.switch(one, asid=1)
    assert mmu.translate(0x10).tlb_hit
    mmu.switch(two)
    assert len(mmu.tlb) == 0


def test_flushing_one_space_spares_the_other() -> None:
    table = PageTable((4,), 4)
    entry = table.map(1, 5)
    tlb = TLB(4)
    tlb.load(1, 1, entry)
    tlb.load(2, 1, entry)
    tlb.flush(1)
    assert tlb.pages() == [(2, 1)]


@given(st.integers(0, 6), st.lists(st.integers(0, 15), max_size=60))
def test_the_tlb_never_changes_where_an_address_leads(size: int, pages: list[int]) -> None:
    table = PageTable((2, 2), 4)
    for page in range(0, 16, 2):
        table.map(page, 31 - page, user=True)
    mmu = Mmu(table, TLB(size))
    for page in pages:
        through, direct = mmu.translate(page << 4), table.walk(page << 4)
        assert (through.physical, through.fault) == (direct.physical, direct.fault)
        assert len(mmu.tlb) <= size


# --- the written form and bad input ------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "10,10,12 0x1=0x2a:rwu 0x2=0x2b:ru 0x3=swap",
        "10 10 12;1=42;2=43:ru;3=swap",
        "10,10,12,1=42,2=43:ur,3=swap",
        "10, 10, 12  # two levels\n1 = 42 : rwu  # text\n2 = 43 : ru\n03 = swap\n",
    ],
)
def test_one_table_written_in_several_ways(text: str) -> None:
    table = read_page_table(text)
    assert (table.index_bits, table.offset_bits) == ((10, 10), 12)
    entries = [(page, entry.frame, entry.flags) for page, entry in table.entries()]
    assert entries == [(1, 42, "rwu"), (2, 43, "ru"), (3, None, "rwu")]
    swapped = table.entry(3)
    assert swapped is not None and swapped.slot == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "10,10,12"),
        ("12", "10,10,12"),
        ("1=2", "10,10,12"),
        ("10,0,12", "at least 1 bit"),
        ("40,40,12", "64 bits"),
        ("4,4 x", "“x”"),
        ("4,4 1=", "“1=”"),
        ("4,4 1=2:q", "“1=2:q”"),
        ("10,10,12 =1", "“=1”"),
        ("10,10,12 = 1", "“= 1”"),
        ("10, 10, 12\n=1", "“=1”"),
        ("4,4 1=2 1=3", "1=3: the page is mapped twice"),
        ("4,4 16=1", "16=1: 0x10 is outside"),
        ("4,4 1=0xffffffffffffffff", "outside the range"),
        ("4,4 ١=1", "“١=1”"),
        ("4,4 " + "9" * 5000 + "=1", "page=frame"),
    ],
)
def test_a_wrong_table_is_named(text: str, says: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_page_table(text)
    assert caught.value.argument == "page-table"
    assert says in caught.value.message


def test_addresses_out_of_range() -> None:
    table = PageTable((4, 4), 8)
    for address in (-1, 1 << 16):
        with pytest.raises(BadInput, match="address"):
            table.walk(address)
    with pytest.raises(BadInput, match="page"):
        table.map(256, 0)
    with pytest.raises(BadInput, match="frame"):
        table.map(0, -1)
    with pytest.raises(BadInput, match="tlb"):
        TLB(-1)
