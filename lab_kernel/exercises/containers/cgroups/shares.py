"""What part of the CPU does a group get, when some of its siblings sleep?"""

from __future__ import annotations

import random

from lab_kernel.containers.cgroups import Wanted, promised
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

WEIGHTS = (50, 100, 100, 200, 300, 400, 500)


def drawn(rng: random.Random) -> tuple[dict[str, Wanted], str]:
    """Two groups above, two or three in one of them, one asleep; and the one that is asked for."""
    inside = rng.choice((2, 3))
    groups = {"a": Wanted(rng.choice(WEIGHTS), 0), "b": Wanted(rng.choice(WEIGHTS), 1)}
    names = [f"a/{letter}" for letter in "xyz"[:inside]]
    asleep = rng.choice(names) if inside == 3 else ""
    groups = (
        {"a": groups["a"]}
        | {
            name: Wanted(rng.choice(WEIGHTS), 0 if name == asleep else rng.randrange(1, 4))
            for name in names
        }
        | {"b": groups["b"], "c": Wanted(rng.choice(WEIGHTS), 0)}
    )
    asked = rng.choice([name for name in names if name != asleep])
    return groups, asked


def percents(groups: dict[str, Wanted]) -> dict[str, int]:
    return {path: round(100 * part) for path, part in promised(groups).items()}


@exercise("containers/cgroups/shares", title=N_("What is a weight worth?"))
def shares(rng: random.Random) -> Problem:
    """A leaf of a tree; c has nothing to run, and perhaps another one has not either."""
    while True:
        groups, asked = drawn(rng)
        answer = percents(groups)[asked]
        everybody = percents({path: Wanted(one.weight, 1) for path, one in groups.items()})[asked]
        leaves = [path for path in groups if path != "a" and groups[path].busy]
        flat = round(100 * groups[asked].weight / sum(groups[path].weight for path in leaves))
        beside = [path for path in leaves if path.startswith("a/")]
        inside = round(100 * groups[asked].weight / sum(groups[path].weight for path in beside))
        busy = sum(groups[path].busy for path in leaves)
        heads = round(100 * groups[asked].busy / busy)
        if len({answer, everybody, flat, inside, heads}) == 5:
            break
    above = percents(groups)["a"]
    mistakes: list[Mistake] = [
        (
            everybody,
            _("That counts groups that sleep. Only active siblings share, and c is not active."),
        ),
        (
            flat,
            _("The groups below a do not compete with b. First a and b share, then a's groups."),
        ),
        (inside, _("That is its part of what a gets. How much of the CPU does a get?")),
        (heads, _("That counts processes. Weights belong to groups, however many run in them.")),
        (above, _("That is what a gets, and its groups share it.")),
    ]
    listed = "\n".join(
        _("{path}: cpu.weight {weight}, {busy} busy").format(
            path=path, weight=one.weight, busy=one.busy
        )
        if path != "a"
        else _("{path}: cpu.weight {weight}").format(path=path, weight=one.weight)
        for path, one in groups.items()
    )
    total = sum(groups[path].weight for path in beside)
    own = groups[asked].weight
    whole_of_a = groups["a"].weight, groups["a"].weight + groups["b"].weight
    return Problem(
        prompt=_(
            "One CPU, and these groups, with so many processes that compute without end:\n{groups}"
            "\nWhat part of the CPU does {path} get, in percent?"
        ).format(groups=listed, path=asked),
        expects=_("A whole number, rounded: 50 for 50%."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Go down the tree: at each level the active ones share.")),
        hints=(
            _("Which groups have something to run? The others do not count at all."),
            _("First a and b share: a gets {own} of {all}.").format(
                own=whole_of_a[0], all=whole_of_a[1]
            ),
            _("Of that {path} gets {own} of {all}.").format(path=asked, own=own, all=total),
        ),
        solution=_("{a} / {b} × {c} / {d} = {percent}%.").format(
            a=whole_of_a[0], b=whole_of_a[1], c=own, d=total, percent=answer
        ),
    )
