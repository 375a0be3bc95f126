"""Which version is started by a tag, and which by a digest?"""

from __future__ import annotations

import random
from itertools import pairwise

from lab_kernel.containers.image import Layout, build, flatten, load, tree
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import one_of
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

VERSIONS = ("v1", "v2", "v3")
TAGS = ("latest", "stable")


def run(moves: list[tuple[str, str]], reference: str) -> str:
    """What starts after these (tag, version), by a tag or by ``digest of VERSION``."""
    layout = Layout()
    made = {
        version: build(
            tree({"Containerfile": "FROM scratch\nCOPY app /app", "app": version}), layout
        ).manifest
        for version in VERSIONS
    }
    for tag, version in moves:
        layout.tag(tag, made[version])
    if reference not in TAGS:
        layout.tag(
            "kept", made[reference]
        )  # an entry of its own: a digest needs no tag to be right
        reference = made[reference].digest
    return flatten(load(layout, reference))["app"].content.decode()


@exercise("containers/images/version", title=N_("Which version is started?"))
def version(rng: random.Random) -> Problem:
    """Tags move, sometimes back; the last move of one tag says nothing of another."""
    while True:
        moves = [(tag, "v1") for tag in TAGS]
        moves += [(rng.choice(TAGS), rng.choice(VERSIONS)) for _n in range(rng.choice((3, 4)))]
        by_digest = rng.random() < 0.35
        reference = rng.choice(VERSIONS) if by_digest else rng.choice(TAGS)
        answer = run(moves, reference)
        last = moves[-1][1]
        if answer != last and all(a != b for a, b in pairwise(moves)):
            break
    mistakes: list[Mistake] = []
    if by_digest:
        mistakes += [
            (found, _("No tag matters here: a digest is the name of one content, for ever."))
            for found in VERSIONS
        ]
    else:
        mistakes += [
            (last, _("That is the last move, but of another tag.")),
            *(
                (found, _("The tag has been moved since, or never pointed there."))
                for found in VERSIONS
            ),
        ]
    said = "\n".join(
        _("{n}. {tag} now points to {version}").format(n=n, tag=tag, version=found)
        for n, (tag, found) in enumerate(moves, 1)
    )
    name = (
        _("the digest of {version}").format(version=reference)
        if by_digest
        else (_("the tag {tag}").format(tag=reference))
    )
    return Problem(
        prompt=_(
            "In a registry the tags are moved:\n{moves}\nNow a server pulls and starts {name}."
            " Which version runs?"
        ).format(moves=said, name=name),
        expects=_("One of: {allowed}.").format(allowed=", ".join(VERSIONS)),
        answer=answer,
        read=one_of(*VERSIONS),
        explain=recognise(mistakes, _("Follow only the name that the server pulls.")),
        hints=(
            _("Does the server pull a tag or a digest?"),
            _("A tag points to where it was last moved; a digest cannot be moved."),
            _("Of the lines, only those about {name} matter, if any.").format(name=name),
        ),
        solution=_("{name} is {answer}.").format(name=name, answer=answer),
    )
