"""What crosses the border is copied, and copied once."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.wording import counted
from lab_kernel.kernel.double_fetch import BUFFER, careful, careless, race
from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.syscalls import Mmap, Munmap, Open, Read, Write
from lab_kernel.language import N_, _
from lab_kernel.trace import Trace

PAGE, PAGES = 4096, 4
BAD = 2  # the page that may be missing or read-only
LAYOUTS = {
    "good": N_("All four pages readable and writable"),
    "hole": N_("Page 2 not mapped"),
    "read-only": N_("Page 2 read-only"),
}
CALLS = {
    "write": N_("write: the kernel copies from the buffer"),
    "read": N_("read: the kernel copies into the buffer"),
}


def pieces(offset: int, count: int) -> list[tuple[int, int]]:
    """(page, bytes) for each page that the buffer touches."""
    found, end = [], offset + count
    while offset < end:
        length = min(PAGE - offset % PAGE, end - offset)
        found.append((offset // PAGE, length))
        offset += length
    return found


def transfer(call: str, layout: str, offset: int, count: int) -> int:
    """What the real call returns on a machine whose program has such pages."""
    got: list[int] = []

    def program() -> Generator[Any, Any, None]:
        start = yield Mmap(length=BAD * PAGE)
        yield Mmap(length=PAGE, protection=1 if layout == "read-only" else 3)
        yield Mmap(length=(PAGES - BAD - 1) * PAGE)
        if layout == "hole":
            yield Munmap(start + BAD * PAGE, PAGE)
        fd = yield Open("/home/user/data", 2)
        wish = Read(fd, count, start + offset) if call == "read" else None
        got.append((yield wish or Write(fd, start + offset, count)))

    machine = Machine(frames=16, files={"/home/user/data": bytes(PAGES * PAGE)})
    machine.spawn(program)
    machine.run()
    return got[0]


@explorable(
    "kernel/modes/copy",
    title=N_("A buffer crosses the border, page by page"),
    predict=N_(
        "A program writes 6,000 bytes from a buffer that begins 3,000 bytes into page 0. In how"
        " many pieces does the kernel copy them?"
    ),
    controls=(
        Choice(name="call", label=N_("System call"), default="write", options=tuple(CALLS.items())),
        Choice(
            name="layout",
            label=N_("The program's memory"),
            default="good",
            options=tuple(LAYOUTS.items()),
        ),
        Whole(name="offset", label=N_("Where the buffer begins"), default=3000, low=0, high=8191),
        Whole(name="count", label=N_("Bytes"), default=6000, low=1, high=8192),
    ),
)
def copy(call: str, layout: str, offset: int, count: int) -> View:
    """Here the whole buffer is checked first. Linux copies up to the bad page, then stops."""
    result, parts = transfer(call, layout, offset, count), pieces(offset, count)
    sizes = " + ".join(f"{length:,}" for _page, length in parts)
    if result < 0:
        outcome = _("{errno}: page {page} does not allow it, and not a byte is copied").format(
            errno=Errno(-result).name, page=BAD
        )
    else:
        outcome = counted(len(parts), N_("{n} piece is copied"), N_("{n} pieces are copied")) + _(
            ", {sizes} bytes"
        ).format(sizes=sizes)
    says = _("{call}, {count} bytes from offset {offset}: {outcome}.").format(
        call=call, count=f"{count:,}", offset=f"{offset:,}", outcome=outcome
    )
    rights = {"good": _("read and write"), "hole": _("not mapped"), "read-only": _("read-only")}
    user = [
        fig.Block(
            page * PAGE,
            PAGE,
            rights[layout] if page == BAD else rights["good"],
            _("page {n}").format(n=page),
        )
        for page in range(PAGES)
    ]
    moved, at = [], offset
    for _page, length in parts:
        state = _("copied") if result >= 0 else _("refused")
        moved.append(fig.Block(at, length, state, f"{length:,}"))
        at += length
    picture = fig.blocks(
        [
            fig.Strip(_("The program's pages"), user),
            fig.Strip(_("The buffer, as the kernel copies it"), moved),
        ],
        title=_("A buffer of {count} bytes").format(count=f"{count:,}"),
        description=says,
        states=[*rights.values(), _("copied"), _("refused")],
    )
    return View((picture,), says)


HANDLERS = {"careless": (N_("Fetches the length twice"), careless),
            "careful": (N_("Copies it once, then checks the copy"), careful)}  # fmt: skip
STEPS = {
    "fetch": N_("fetch"),
    "check": N_("check"),
    "fetch again": N_("fetch again"),
    "copy": N_("copy"),
    "write": N_("write"),
}
FITS = 8


@explorable(
    "kernel/modes/double-fetch",
    title=N_("Checked one number, used another"),
    predict=N_(
        "The kernel has room for 16 bytes. A request says 8, and another thread changes it to 200."
        " When must it write so that 200 bytes are copied?"
    ),
    controls=(
        Choice(
            name="handler",
            label=N_("The kernel's handler"),
            default="careless",
            options=tuple((name, label) for name, (label, _handler) in HANDLERS.items()),
        ),
        Whole(name="when", label=N_("Steps before the write"), default=0, low=0, high=4),
        Whole(name="then", label=N_("The length it writes"), default=200, low=0, high=255),
    ),
)
def double_fetch(handler: str, when: int, then: int) -> View:
    """Two CPUs, one step a tick. Left out: memory order, and the bytes themselves."""
    found = race(HANDLERS[handler][1], FITS, then, when)
    if found.copied is None:
        outcome = _("refused with EINVAL")
    elif found.overflow:
        outcome = _(
            "{copied} bytes are copied into room for {room}: memory of the kernel is overwritten"
        ).format(copied=found.copied, room=BUFFER)
    else:
        outcome = _("{copied} bytes are copied, which fit").format(copied=found.copied)
    says = _("{handler}: {steps}; {outcome}.").format(
        handler=_(HANDLERS[handler][0]),
        steps=", ".join(_(STEPS[step]) for step in found.steps),
        outcome=outcome,
    )
    kernel, thread = _("kernel, CPU 0"), _("other thread, CPU 1")
    shown = Trace()
    for time, step in enumerate(found.steps):
        track = thread if step == "write" else kernel
        kind = _("changes the length") if step == "write" else _("system call")
        shown.add(time, track, kind, _(STEPS[step]), 1)
    picture = fig.timeline(
        Trace(sorted(shown, key=lambda event: event.track != kernel)),
        title=_("Two CPUs and one length"),
        description=says,
        x_label=_("steps"),
        kinds=[_("system call"), _("changes the length")],
    )
    return View((picture,), says)
