"""Who may open this file, and who decided?"""

from __future__ import annotations

import re
from dataclasses import replace

from lab_kernel import figures as fig
from lab_kernel.errors import BadInput
from lab_kernel.explore import Choice, View, Words, explorable
from lab_kernel.kernel.inode import Inode
from lab_kernel.kernel.security import NONE, ROOT, Capability, Credentials, R, Ruling, W, X, user
from lab_kernel.kernel.security.permission import judge
from lab_kernel.language import N_, _

ALICE, STAFF = 1000, 50  # the file's owner and group
LETTERS = {"r": R, "w": W, "x": X}
ASKED = (Capability.DAC_READ_SEARCH, Capability.DAC_OVERRIDE)


class Mode(int):
    """Permission bits, written in octal."""

    def __str__(self) -> str:
        return f"{self:03o}"


def mode(text: str) -> Mode:
    """``640``: an octal digit each for owner, group and others."""
    if not re.fullmatch(r"0?[0-7]{3}", text.strip()):
        raise BadInput(
            "mode",
            _("“{text}” is not three octal digits, such as 640").format(text=text.strip()[:20]),
        )
    return Mode(text.strip(), 8)


WHO: dict[str, tuple[str, Credentials]] = {
    "alice": (N_("alice, the owner"), user(ALICE)),
    "bob": (N_("bob, in the group"), user(1001, groups=[STAFF])),
    "carol": (N_("carol, neither"), user(1002)),
    "reader": (
        N_("carol with CAP_DAC_READ_SEARCH"),
        replace(user(1002), effective=frozenset({Capability.DAC_READ_SEARCH})),
    ),
    "root": (N_("root"), ROOT),
    "bare": (N_("root without capabilities"), replace(ROOT, effective=NONE, permitted=NONE)),
}
WANTS = {
    "r": N_("read"),
    "w": N_("write"),
    "x": N_("execute (search, if it is a directory)"),
    "rw": N_("read and write"),
}
CLASSES = {"owner": N_("owner alice"), "group": N_("group staff"), "others": N_("others")}


def ruling(mode: int, who: str, want: str, kind: str) -> Ruling:
    bits = sum(LETTERS[letter] for letter in want)
    return judge(WHO[who][1], mode, ALICE, STAFF, bits, directory=kind == "directory")


@explorable(
    "kernel/syscalls/rights",
    title=N_("Who decides about this file"),
    predict=N_(
        "The mode is 046: the owner has nothing, the group may read, the others may read and write."
        " May alice, who owns the file, read it? May root execute it?"
    ),
    controls=(
        Words(name="mode", label=N_("Mode (octal)"), default="046", parse=mode),
        Choice(
            name="who",
            label=N_("Who asks"),
            default="alice",
            options=tuple((name, label) for name, (label, _who) in WHO.items()),
        ),
        Choice(
            name="want",
            label=N_("To do what"),
            default="r",
            options=tuple(WANTS.items()),
        ),
        Choice(
            name="kind",
            label=N_("What it is"),
            default="file",
            options=(("file", N_("a file")), ("directory", N_("a directory"))),
        ),
    ),
)
def rights(mode: int, who: str, want: str, kind: str) -> View:
    """The nine bits, the class that is asked, and the capabilities that may overrule it."""
    label, credentials = WHO[who]
    answer = ruling(mode, who, want, kind)
    asked = judge(credentials, mode, ALICE, STAFF, 0).by
    given, withheld, idle = _("granted"), _("withheld"), _("not asked")
    rows = []
    for name, shift in (("owner", 6), ("group", 3), ("others", 0)):
        cells = []
        for letter, bit in LETTERS.items():
            held = mode >> shift & bit
            state = (given if held else withheld) if name == asked else idle
            cells.append(fig.Cell(letter if held else "-", state, name == asked and letter in want))
        rows.append(fig.Row(_(CLASSES[name]), cells))
    for capability in ASKED:
        alone = replace(credentials, effective=credentials.effective & {capability})
        cells = []
        for bit in LETTERS.values():
            said = judge(alone, mode, ALICE, STAFF, bit, directory=kind == "directory")
            overrules = said.by is capability
            has = credentials.has(capability)
            words = _("overrules") if overrules else _("held") if has else _("not held")
            cells.append(fig.Cell(words, given if overrules else idle))
        rows.append(fig.Row(str(capability), cells))
    listed = Inode(0, kind, mode).permissions
    by = _(CLASSES[answer.by]) if answer.by in CLASSES else str(answer.by)
    verdict = _("allowed") if answer.allowed else _("refused with EACCES")
    says = _("{listed} alice staff; {who}; {want}: {verdict}. Decided by: {by}.").format(
        listed=listed, who=_(label), want=_(WANTS[want]), verdict=verdict, by=by
    )
    picture = fig.table(
        ("r", "w", "x"),
        rows,
        title=_("{listed}: who is asked").format(listed=listed),
        description=" ".join(
            f"{row.head}: {', '.join(f'{cell.words} {cell.state}' for cell in row.cells)}."
            for row in rows
        ),
        states=(given, withheld, idle),
        quiet=idle,
    )
    return View((picture,), says)
