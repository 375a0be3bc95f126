"""Where does a virtual address lead? Two levels, and rights that may forbid it."""

from __future__ import annotations

import random
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.mmu import KERNEL, NOT_PRESENT, PROTECTION, PageTable, Walk
from lab_kernel.language import N_, _

FAULT = "fault"
_WHY = {
    NOT_PRESENT: N_("the page is not present"),
    PROTECTION: N_("the page may not be written"),
    KERNEL: N_("the page belongs to the kernel, and the access comes from user mode"),
}


def _address_or_fault(given: Any) -> int | str:
    if str(given).strip().lower() in (FAULT, _("fault")):
        return FAULT
    try:
        return whole(given)
    except BadInput:
        message = _("“{given}” is neither an address such as 0x2a1c nor the word fault")
        raise BadInput("answer", message.format(given=given)) from None


def _rows(table: PageTable, directory: int) -> str:
    """One second-level table as a line of text."""
    said = []
    for page, entry in table.entries():
        if page >> 4 == directory and entry.frame is not None:
            rights = _("read and write") if entry.writable else _("read only")
            rights = rights if entry.user else _("kernel only")
            said.append(
                _("{index:#x} is frame {frame:#x} ({rights})").format(
                    index=page & 0xF, frame=entry.frame, rights=rights
                )
            )
    return "; ".join(said)


@exercise("kernel/memory/translate", title=N_("Translate an address"))
def translate(rng: random.Random) -> Problem:
    """Two levels of one hexadecimal digit each, so that an address can be cut by eye."""
    offset_bits = rng.choice((8, 12))
    table = PageTable((4, 4), offset_bits)
    directories = sorted(rng.sample(range(1, 16), 2))
    indexes = sorted(rng.sample(range(16), 3))
    frames = iter(rng.sample(range(0x10, 0x80), 6))
    for directory in directories:
        for index, (writable, user) in zip(
            indexes, rng.sample([(True, True), (False, True), (True, False)], 3), strict=True
        ):
            table.map(directory << 4 | index, next(frames), writable=writable, user=user)
    # Three in five succeed; of the rest, some find no entry and some the wrong rights.
    write, present = rng.random() < 0.5, [page for page, _entry in table.entries()]
    allowed = [page for page in present if table.walk(page << offset_bits, write).fault is None]
    refused = [page for page in present if page not in allowed]
    absent = [page for page in range(16, 256) if page not in present]
    absent = [page for page in absent if page >> 4 in directories or page & 0xF in indexes]
    chance = rng.random()
    page = rng.choice(allowed if chance > 0.4 else refused if chance > 0.15 else absent)
    offset = rng.randrange(1 << offset_bits - 4, 1 << offset_bits)
    address = page << offset_bits | offset
    digits = offset_bits // 4
    walk = table.walk(address, write=write)
    answer = FAULT if walk.physical is None else walk.physical
    entry = walk.entry
    lines = [
        _("Table {number}: {rows}; nothing else is present.").format(number=n, rows=_rows(table, d))
        for n, d in enumerate(directories, 1)
    ]
    prompt = _(
        "A virtual address has 4 bits for the directory, 4 bits for the table and {bits} bits of"
        " offset. Directory: {first:#x} is table 1; {second:#x} is table 2; nothing else is"
        " present."
        "\n{tables}\nA program in user mode {accesses} address {address:#x}. Which physical address"
        " is that?"
    ).format(
        bits=offset_bits,
        first=directories[0],
        second=directories[1],
        tables="\n".join(lines),
        accesses=_("writes to") if write else _("reads"),
        address=address,
    )
    cut = _("Directory index {high:#x}, table index {low:#x}, offset {offset:#x}.").format(
        high=page >> 4, low=page & 0xF, offset=offset
    )
    return Problem(
        prompt=prompt,
        expects=_("The physical address, such as 0x2a1c, or the word fault."),
        answer=answer,
        read=_address_or_fault,
        explain=recognise(
            _translation_mistakes(table, walk, address),
            _("The parts are these. {cut} Look up both entries, and whether they allow it.").format(
                cut=cut
            ),
        ),
        hints=(
            _("One hexadecimal digit is 4 bits. The offset is the last {digits} digits.").format(
                digits=digits
            ),
            _(
                "The first digit picks an entry of the directory, the second one of that table. The"
                " frame number takes their place in front of the offset, if the rights allow it."
            ),
            _(
                "{cut} Is there an entry at both levels, and do its rights allow this access?"
            ).format(cut=cut),
        ),
        solution=f"{cut} "
        + (
            _("It faults: {why}.").format(why=_(_WHY[walk.fault.kind]))
            if walk.fault
            else _(
                "The entry says frame {frame:#x}; with the offset behind it: {answer:#x}."
            ).format(frame=entry.frame if entry else 0, answer=walk.physical)
        ),
    )


def _translation_mistakes(table: PageTable, walk: Walk, address: int) -> list[Mistake]:
    bits, offset = table.offset_bits, table.offset_of(address)
    page = table.page_of(address)
    assert page is not None
    mistakes: list[Mistake] = []
    if walk.fault is None:
        mistakes.append((FAULT, _("The page is present, and its rights allow this access.")))
    else:
        why = _("That would be so if the rights allowed it, but {why}.")
        if walk.entry is not None and walk.entry.frame is not None:
            there = walk.entry.frame << bits | offset
            mistakes.append((there, why.format(why=_(_WHY[walk.fault.kind]))))
    mistakes.append(
        (address, _("That is the virtual address; the frame replaces its first digits."))
    )
    if walk.entry is not None and walk.entry.frame is not None:
        frame = walk.entry.frame
        mistakes += [
            (frame, _("That is the frame number. The offset within the page is missing.")),
            (frame << bits, _("That is where the frame begins. The offset is missing.")),
            (
                frame + offset,
                _(
                    "The offset was added to the frame number. The frame number must move left"
                    " first."
                ),
            ),
        ]
    for other, entry in table.entries():
        if other != page and entry.frame is not None:
            there = entry.frame << bits | offset
            mistakes.append(
                (
                    there,
                    _(
                        "That frame is in another entry: directory {high:#x}, table index {low:#x}."
                    ).format(high=other >> 4, low=other & 0xF),
                )
            )
    return mistakes
