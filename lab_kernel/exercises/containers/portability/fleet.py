"""On how many hosts does it start?"""

from __future__ import annotations

import random

from lab_kernel.containers.binary import Binary, Need, glibc
from lab_kernel.containers.portability import (
    INTRODUCED,
    PATH,
    Shape,
    Version,
    everywhere,
    layout_of,
)
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

KERNELS = ((4, 19), (5, 4), (5, 10), (5, 15), (6, 1), (6, 12))
RELEASES = (27, 28, 31, 35, 36, 39)
CALLS = ("clone3", "openat2", "close_range", "memfd_secret", "futex_waitv")
HOSTS = 5


def _decimal(version: Version) -> float:
    """The misconception: 5.10 read as five and a tenth."""
    return float(f"{version[0]}.{version[1]}")


@exercise("containers/portability/fleet", title=N_("On how many hosts does it start?"))
def fleet(rng: random.Random) -> Problem:
    """Version numbers are compared part by part, and an image brings no kernel."""
    image = rng.random() < 0.5
    while True:
        kernels = [rng.choice(KERNELS) for _n in range(HOSTS)]
        releases = [rng.choice(RELEASES) for _n in range(HOSTS)]
        call, needed = rng.choice(CALLS), rng.choice(RELEASES)
        since = INTRODUCED[call]
        known = [kernel >= since for kernel in kernels]
        decimal = sum(_decimal(kernel) >= _decimal(since) for kernel in kernels)
        both = sum(ok and one >= needed for ok, one in zip(known, releases, strict=True))
        if 0 < both < sum(known) < HOSTS and decimal != sum(known):
            break
    hosts = [
        Shape(f"h{n}", kernel, "amd64", (glibc(f"2.{release}"),))
        for n, (kernel, release) in enumerate(zip(kernels, releases, strict=True), 1)
    ]
    binary = Binary("amd64", (Need("libc.so.6", f"GLIBC_2.{needed}"),), (call,))
    built = layout_of(PATH, [(binary, [glibc(f"2.{needed}")])])
    starts = everywhere(hosts, built if image else None, binary)
    good = [name for name, start in starts.items() if not start.missing]
    answer = len(good)
    mistakes: list[Mistake] = []
    if not image:
        mistakes.append((sum(known), _("A copied file uses the host's library, too.")))
    else:
        mistakes.append((both, _("The image brings its own library.")))
        mistakes.append((len(hosts), _("The image brings no kernel: the call must be there.")))
    mistakes.append((decimal, _("5.10 is not 5.1: versions are compared part by part.")))
    listed = "\n".join(
        f"{h.name}: Linux {h.kernel[0]}.{h.kernel[1]}, glibc "
        f"{h.libraries[0].provides[-1].removeprefix('GLIBC_')}"
        for h in hosts
    )
    return Problem(
        prompt=_(
            "A program needs GLIBC_2.{needed} and the call {call}, which came with Linux {since}."
            " It comes {way}. These are the hosts:\n{hosts}\nOn how many does it start?"
        ).format(
            needed=needed,
            call=call,
            since=f"{since[0]}.{since[1]}",
            way=_("in an image") if image else _("as a copied file"),
            hosts=listed,
        ),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Go through the hosts one by one.")),
        hints=(
            _("Two things may be missing: the version of the library, and the call."),
            _("An image brings the library along. It never brings the kernel."),
            _("Compare part by part: 5.10 is later than 5.6."),
        ),
        solution=_("It starts on {n}: {hosts}.").format(n=answer, hosts=", ".join(good)),
    )
