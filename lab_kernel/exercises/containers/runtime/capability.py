"""What does this mask of capabilities allow?"""

from __future__ import annotations

import random

from lab_kernel.containers.runtime.config import CAPABILITIES
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.kernel.security import Capability
from lab_kernel.kernel.security.capabilities import mask
from lab_kernel.language import N_, _

DEEDS = {
    Capability.CHOWN: N_("give a file to somebody else"),
    Capability.KILL: N_("send a signal to another user's process"),
    Capability.SETUID: N_("become another user"),
    Capability.NET_BIND_SERVICE: N_("bind port 80"),
    Capability.NET_ADMIN: N_("change a route"),
    Capability.SYS_MODULE: N_("load a module into the kernel"),
    Capability.SYS_CHROOT: N_("change its root directory with chroot"),
    Capability.SYS_ADMIN: N_("mount a file system"),
    Capability.SYS_BOOT: N_("reboot the machine"),
    Capability.SYS_NICE: N_("raise its priority"),
    Capability.SYS_TIME: N_("set the clock"),
    Capability.MKNOD: N_("make a device file"),
}
SHOWN = 5


@exercise("containers/runtime/capability", title=N_("What does the mask allow?"))
def capability(rng: random.Random) -> Problem:
    """The usual set, with one or two dropped and perhaps one added; five deeds are asked about."""
    kept = set(CAPABILITIES)
    kept -= set(rng.sample(sorted(kept & set(DEEDS)), rng.choice([1, 2])))
    if rng.random() < 0.7:
        kept.add(rng.choice(sorted(set(DEEDS) - CAPABILITIES)))
    asked = rng.sample(sorted(DEEDS), SHOWN)
    answer = sum(each in kept for each in asked)
    usual = sum(each in CAPABILITIES for each in asked)
    listed = "\n".join(f"– {_(DEEDS[each])} ({each}, {int(each)})" for each in asked)
    mine = mask(frozenset(kept))
    return Problem(
        prompt=_(
            "In a container, /proc/self/status of a process of root's says\nCapEff: {mask}\nHow"
            " many of these five things may it do, as far as capabilities go?\n{listed}"
        ).format(mask=mine, listed=listed),
        expects=_("A whole number from 0 to 5."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (SHOWN, _("It is root, and yet not all bits are set: look at the mask.")),
                (SHOWN - answer, _("These are the ones it may not do. Count the bits that are 1.")),
                (usual, _("That is what a container usually may. This mask is another one.")),
            ],
            _("Bit n of the mask stands for capability n. Hexadecimal digits are four bits each."),
        ),
        hints=(
            _("The number behind a capability's name is its bit, counted from the right from 0."),
            _("In Python: (0x{mask} >> n) & 1.").format(mask=mine),
            _("The bits that are 1: {bits}.").format(
                bits=", ".join(str(int(each)) for each in sorted(kept))
            ),
        ),
        solution=_("{answer} in all: {held}.").format(
            answer=answer,
            held=", ".join(str(each) for each in asked if each in kept) or _("none of them"),
        ),
    )
