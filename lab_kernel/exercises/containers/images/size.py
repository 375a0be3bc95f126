"""How many bytes does the image store after a file was deleted?"""

from __future__ import annotations

import random

from lab_kernel.containers.image import Tree, diff, file, tree
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _


def stored(steps: list[Tree]) -> int:
    """Bytes of content in the layers that lead from one tree to the next."""
    pairs = zip([{}, *steps], steps, strict=False)
    return sum(len(entry.node.content) for before, after in pairs for entry in diff(before, after))


def total(files: Tree) -> int:
    return sum(len(node.content) for node in files.values())


@exercise("containers/images/size", title=N_("Why is the image not smaller?"))
def size(rng: random.Random) -> Problem:
    """A big file comes, another is overwritten, the big one goes."""
    library, cache = rng.randrange(20, 60) * 100, rng.randrange(200, 900) * 100
    app, grown = rng.randrange(5, 19) * 10, rng.randrange(20, 40) * 10
    first = tree({"lib/libc.so": bytes(library), "srv/app": b"1" * app})
    second = first | tree({"srv/cache.tar": bytes(cache)})
    third = second | {"srv/app": file(b"2" * grown)}
    del third["srv/cache.tar"]
    steps = [first, second, third]
    answer = stored(steps)
    mistakes: list[Mistake] = [
        (total(third), _("That is what is seen. The layers below still store what is hidden.")),
        (
            answer - app,
            _("The first version of the app is hidden, too, but layer 1 still stores it."),
        ),
        (
            answer - cache,
            _("Layer 2 keeps the cache, whatever layer 3 says: a layer is never changed."),
        ),
        (answer - grown, _("The new version of the app is stored in layer 3.")),
        (
            total(first) + total(second) + total(third),
            _("A layer stores only what is new in it, not what it leaves as it was."),
        ),
    ]
    return Problem(
        prompt=_(
            "Layer 1 brings lib/libc.so with {library:,} bytes and srv/app with {app:,}. Layer 2"
            " adds srv/cache.tar with {cache:,} bytes. Layer 3 deletes srv/cache.tar and replaces"
            " srv/app by a version of {grown:,} bytes. How many bytes of file content does the"
            " image store?"
        ).format(library=library, app=app, cache=cache, grown=grown),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Add up layer by layer what each brings.")),
        hints=(
            _("Does a layer change when another is put on it?"),
            _("A file that is deleted is an empty file in the layer above, named .wh.cache.tar."),
            _("Layer 1 stores {first:,} bytes, layer 2 {second:,}.").format(
                first=library + app, second=cache
            ),
        ),
        solution=_(
            "{first:,} + {second:,} + {third:,} = {answer:,} bytes are stored; a container sees"
            " {seen:,} of them. To be smaller, the cache must not be in any layer."
        ).format(first=library + app, second=cache, third=grown, answer=answer, seen=total(third)),
    )
