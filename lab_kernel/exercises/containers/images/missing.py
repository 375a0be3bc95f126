"""Which file does the program lack?"""

from __future__ import annotations

import random

from lab_kernel.containers.image import Tree, closure, file, tree
from lab_kernel.containers.image.elf import write_elf
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import one_of
from lab_kernel.exercises.containers.images.words import NOTHING
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

LOADER = "lib/ld.so"
LIBRARIES = ("libc.so", "libm.so", "libpng.so", "libssl.so", "libxml.so", "libz.so")


def needs(rng: random.Random) -> dict[str, list[str]]:
    """Who names whom: the program two, and each of these one more; the rest is for nobody."""
    names = rng.sample(LIBRARIES, 6)
    return {
        "bin/app": sorted(names[:2]),
        names[0]: [names[2]],
        names[1]: sorted((names[2], names[3])),
        names[2]: [],
        names[3]: [names[4]],
        names[4]: [],
        names[5]: [names[4]],
    }


def image(named: dict[str, list[str]], gone: str) -> Tree:
    files = {LOADER: file(write_elf(), 0o755)}
    for name, others in named.items():
        path = name if "/" in name else f"lib/{name}"
        loader = f"/{LOADER}" if name == "bin/app" else ""
        files[path] = file(write_elf(others, loader), 0o755)
    files.pop(gone if "/" in gone else f"lib/{gone}", None)
    return tree(dict(files))


def answer_of(files: Tree) -> str:
    problems = [need.name for need in closure(files, "/bin/app") if need.problem]
    return problems[0].rsplit("/", 1)[-1] if problems else NOTHING


@exercise("containers/images/missing", title=N_("What is missing?"))
def missing(rng: random.Random) -> Problem:
    """The closure is deeper than what the program itself names; not all that is absent matters."""
    named = needs(rng)
    gone = rng.choice([*(name for name in named if name != "bin/app"), LOADER])
    files = image(named, gone)
    answer = answer_of(files)
    absent = gone.rsplit("/", 1)[-1]
    mistakes: list[Mistake] = [
        (NOTHING, _("Follow the names on: what do the libraries need themselves?")),
        (absent, _("It is not there, but nobody on the way from bin/app names it.")),
    ]
    mistakes += [
        (name, _("{name} is in the image.").format(name=name))
        for name in (*LIBRARIES, "ld.so")
        if name != absent
    ]
    lines = [
        _("bin/app: interpreter lib/ld.so, needs {names}").format(names=", ".join(named["bin/app"]))
    ]
    lines += [
        _("lib/{name}: needs {names}").format(name=name, names=", ".join(others) or _("nothing"))
        for name, others in sorted(named.items())
        if name != "bin/app" and name != gone
    ]
    if gone != LOADER:
        lines.append(_("lib/{name}: needs {names}").format(name="ld.so", names=_("nothing")))
    return Problem(
        prompt=_(
            "An image holds these files; readelf says of each what it needs:\n{files}\nbin/app is"
            " started. Which file is missing?"
        ).format(files="\n".join(lines)),
        expects=_("A file name, such as libc.so, or the word none."),
        answer=answer,
        read=one_of(*LIBRARIES, "ld.so", NOTHING),
        explain=recognise(mistakes, _("Begin at bin/app and follow every name once.")),
        hints=(
            _("The interpreter and the libraries that bin/app names: are they there?"),
            _("Each of these names others. Follow them until nothing new is named."),
            _("Asked for are: {names}.").format(
                names=", ".join(need.path or need.name for need in closure(files, "/bin/app"))
            ),
        ),
        solution=_("{answer}: everything else that is asked for is there.").format(answer=answer)
        if answer != NOTHING
        else _("none: all that is asked for is there; {absent} is needed by nobody here.").format(
            absent=absent
        ),
    )
