"""Which manifest does a host take from an index?"""

from __future__ import annotations

import random

from lab_kernel.containers.binary import UNAME, Binary
from lab_kernel.containers.image import load
from lab_kernel.containers.portability import NAME, layout_of, pick
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import one_of
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

NONE = "none"
SHORT = 8  # hexadecimal digits of a digest that are shown


@exercise("containers/portability/platform", title=N_("Which image is pulled?"))
def platform(rng: random.Random) -> Problem:
    """uname says x86_64 where an index says amd64."""
    here = rng.choice(list(UNAME))
    there = rng.choice(
        [[here], ["amd64", "arm64"], ["arm64", "amd64"], [a for a in UNAME if a != here]]
    )
    path = f"/bin/app-{rng.randrange(1000)}"
    layout = layout_of(path, [(Binary(one), ()) for one in there])
    short = {
        one: load(layout, NAME, f"linux/{one}").manifest.digest.removeprefix("sha256:")[:SHORT]
        for one in there
    }
    picked = pick(layout, here)
    answer = NONE if picked is None else short[here]
    mistakes: list[Mistake] = [
        (NONE, _("There is one: {uname} and {name} are the same architecture.").format(
            uname=UNAME[here], name=here)),
        *((digest, _("That image is for {name}; the host is {uname}.").format(
            name=one, uname=UNAME[here])) for one, digest in short.items() if one != here),
    ]  # fmt: skip
    if answer == NONE:
        mistakes = mistakes[1:]
    listed = "\n".join(f"{digest}: linux/{one}" for one, digest in short.items())
    return Problem(
        prompt=_(
            "A tag points to an index with these manifests:\n{manifests}\nOn the host, uname -m"
            " says {uname}. Which manifest does it take?"
        ).format(manifests=listed, uname=UNAME[here]),
        expects=_("The digits of the digest, or the word none."),
        answer=answer,
        read=one_of(*short.values(), NONE),
        explain=recognise(mistakes, _("Look at the platform of each.")),
        hints=(
            _("An index picks by operating system and architecture."),
            _("The two have other names for an architecture: x86_64 is amd64, aarch64 is arm64."),
            _("The host looks for linux/{name}.").format(name=here),
        ),
        solution=_("It looks for linux/{name}: {answer}.").format(name=here, answer=answer),
    )
