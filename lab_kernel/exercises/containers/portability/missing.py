"""What is the first thing that a start does not find?"""

from __future__ import annotations

import random

from lab_kernel.containers.binary import Binary, Need, glibc
from lab_kernel.containers.portability import INTRODUCED, PATH, Host, Shape, layout_of
from lab_kernel.containers.starting import ARCHITECTURE, CALL, SERVICE, SETTING, VERSION
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import one_of
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

STARTS = "starts"
ANSWERS = (ARCHITECTURE, VERSION, SETTING, CALL, SERVICE, STARTS)
KERNELS = ((4, 19), (5, 4), (5, 10), (5, 15), (6, 1))
CALLS = ("clone3", "openat2", "close_range", "futex_waitv")


def answer_of(shape: Shape, binary: Binary, image: bool) -> str:
    """What the simulated hosts say."""
    host = Host(shape)
    if image:
        libraries = [glibc(need.version.removeprefix("GLIBC_")) for need in binary.needs]
        start = host.run(PATH, layout_of(PATH, [(binary, libraries)]))
    else:
        host.install(PATH, binary)
        start = host.run(PATH)
    return start.missing.stage if start.missing else STARTS


def _expected(shape: Shape, binary: Binary, image: bool) -> str:
    """The rule, to draw by; the answer is the simulator's."""
    provided = shape.libraries[0].provides
    there = {
        ARCHITECTURE: shape.architecture == binary.architecture,
        VERSION: image or binary.needs[0].version in provided,
        SETTING: set(binary.settings) <= set(shape.settings),
        CALL: INTRODUCED[binary.calls[0]] <= shape.kernel,
        SERVICE: set(binary.services) <= set(shape.services),
    }
    return next((stage for stage, found in there.items() if not found), STARTS)


@exercise("containers/portability/missing", title=N_("What is missing first?"))
def missing(rng: random.Random) -> Problem:
    """Installed or from an image; an image takes only one of the questions away."""
    wanted = rng.choice(ANSWERS)
    while True:
        image = rng.random() < 0.5
        kernel = rng.choice(KERNELS)
        release = f"2.{rng.choice((28, 31, 36, 39))}"
        settings = {name: "10" for name in ("TAX", "DB_PASSWORD") if rng.random() < 0.8}
        services = ("db",) if rng.random() < 0.8 else ()
        here = rng.choice(("amd64", "amd64", "arm64"))
        shape = Shape("host", kernel, here, (glibc(release),), settings, services)
        needed, call = f"GLIBC_2.{rng.choice((28, 34, 38))}", rng.choice(CALLS)
        binary = Binary(
            "amd64", (Need("libc.so.6", needed),), (call,), ("TAX", "DB_PASSWORD"), ("db",)
        )
        if _expected(shape, binary, image) == wanted:
            break
    answer = answer_of(shape, binary, image)
    other = _expected(shape, binary, not image)
    mistakes: list[Mistake] = []
    if other != answer:
        mistakes.append(
            (other, _("That is so the other way: an image brings its libraries, a copy does not."))
        )
    if answer != STARTS:
        mistakes.append((STARTS, _("Something is missing. Go through the start in its order.")))
    if image:
        mistakes.append((VERSION, _("The image brings its own library: the host's is not asked.")))
    mistakes.append((CALL, _("Compare the kernel's version part by part: 5.10 is later than 5.6.")))
    order = _("architecture, library and its version, settings, system calls, backing services")
    since = INTRODUCED[call]
    return Problem(
        prompt=_(
            "A host: {architecture}, Linux {kernel}, glibc {release}; set in the environment:"
            " {settings}; reachable: {services}.\nA program for amd64 needs {needed}, the settings"
            " TAX and DB_PASSWORD, the call {call} and the service db. It comes {way}.\nWhat is the"
            " first thing that it does not find?"
        ).format(
            architecture=here,
            kernel=f"{kernel[0]}.{kernel[1]}",
            release=release,
            settings=", ".join(settings) or _("nothing"),
            services=", ".join(services) or _("nothing"),
            needed=needed,
            call=call,
            way=_("in an image") if image else _("as a copied file"),
        ),
        expects=_("One of: {allowed}.").format(allowed=", ".join(ANSWERS)),
        answer=answer,
        read=one_of(*ANSWERS),
        explain=recognise(mistakes, _("Something else is asked for earlier, or that is there.")),
        hints=(
            _("The order is: {order}.").format(order=order),
            _("Whose library is asked for its version: the host's or the image's?"),
            _("{call} came with Linux {since}.").format(call=call, since=f"{since[0]}.{since[1]}"),
        ),
        solution=_("In the order {order}: {answer}.").format(order=order, answer=answer),
    )
