"""What do the permission bits leave to this user?"""

from __future__ import annotations

import random
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.inode import Inode
from lab_kernel.kernel.security import R, W, X, permits, user
from lab_kernel.language import N_, _

LETTERS = {"r": R, "w": W, "x": X}
NOTHING = "none"
PEOPLE = {"alice": 1000, "bob": 1001, "carol": 1002}
GROUPS = {"staff": 50, "web": 60, "audit": 70}


def letters(bits: int) -> str:
    """``5`` as ``rx``; 0 as ``none``."""
    return "".join(letter for letter, bit in LETTERS.items() if bits & bit) or NOTHING


def read_letters(given: Any) -> str:
    """r, w and x in any order, dashes among them if one likes; or none."""
    text = "".join(str(given).lower().replace(",", " ").split())
    if text in (NOTHING, _(NOTHING)):
        return NOTHING
    if not text or set(text) - {*LETTERS, "-"}:
        message = _("“{given}” is not made of r, w and x, nor is it the word none")
        raise BadInput("answer", message.format(given=given))
    return letters(sum(bit for letter, bit in LETTERS.items() if letter in text))


@exercise("kernel/syscalls/rights", title=N_("Which rights are left?"))
def rights(rng: random.Random) -> Problem:
    """One class decides, and it is not always the one with the most rights."""
    while True:
        owner, name = rng.choice(list(PEOPLE)), rng.choice(list(PEOPLE))
        group = rng.choice(list(GROUPS))
        member = rng.sample(list(GROUPS), rng.choice((1, 2)))
        mode = rng.randrange(0o1000)
        classes = (mode >> 6, mode >> 3 & 7, mode & 7)
        asked = 0 if name == owner else 1 if group in member else 2
        fits = [n for n in (asked, *range(asked + 1, 3)) if n != 1 or group in member]
        union = 0
        for n in fits:
            union |= classes[n]
        if len(set(classes)) == 3 and (asked == 2 or union != classes[asked]):
            break
    who = user(PEOPLE[name], groups=[GROUPS[one] for one in member])
    held = sum(
        bit for bit in LETTERS.values() if permits(who, mode, PEOPLE[owner], GROUPS[group], bit)
    )
    heads = (_("owner"), _("group"), _("others"))
    mistakes: list[Mistake] = [
        (
            letters(union),
            _("The classes are not added up: the first that fits decides alone."),
        )
    ]
    mistakes += [
        (
            letters(classes[n]),
            _("Those are the bits of the class “{head}”, which is not asked here.").format(
                head=heads[n]
            ),
        )
        for n in range(3)
        if n != asked
    ]
    listed = f"{Inode(0, mode=mode).permissions} 1 {owner} {group} 512 notes.txt"
    return Problem(
        prompt=_(
            "ls -l says:\n{listed}\n{name} is in the groups {groups}, and has no capability. Which"
            " of r, w and x does the kernel grant to {name}?"
        ).format(listed=listed, name=name, groups=", ".join(member)),
        expects=_("Some of the letters r, w, x, or the word none."),
        answer=letters(held),
        read=read_letters,
        explain=recognise(mistakes, _("Find the class that is asked, and read its three bits.")),
        hints=(
            _("Three letters each for the owner, the group and the others, in this order."),
            _("Is {name} the owner? If not, is the file's group among the groups?").format(
                name=name
            ),
            _("The class “{head}” decides.").format(head=heads[asked]),
        ),
        solution=_("The class “{head}” decides, and alone: {letters}.").format(
            head=heads[asked], letters=letters(held)
        ),
    )
