"""What a weight is worth: among the siblings that have something to run."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from lab_kernel import figures as fig
from lab_kernel.containers.cgroups import Wanted, promised, shares
from lab_kernel.errors import BadInput
from lab_kernel.explore import Choice, View, Words, explorable
from lab_kernel.explore.wording import percent
from lab_kernel.language import N_, _

MOST_GROUPS, MOST_BUSY = 8, 9
_GROUP = re.compile(r"([a-z]\w*(?:/[a-z]\w*)?)=(\d+):(\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Groups:
    """Groups by path, written ``a=100:1 b=300:1``: the weight, and how many are busy."""

    tree: tuple[tuple[str, Wanted], ...]

    def __str__(self) -> str:
        return " ".join(f"{path}={one.weight}:{one.busy}" for path, one in self.tree)


def groups(text: str) -> Groups:
    """The line that a reader types, checked as the kernel would."""
    found: dict[str, Wanted] = {}
    for word in text.replace(",", " ").split():
        match = _GROUP.fullmatch(word)
        if not match:
            message = _("“{word}” is no group; write PATH=WEIGHT:BUSY, such as a/x=100:1")
            raise BadInput("groups", message.format(word=word[:20]))
        path, weight, busy = match[1], int(match[2][:9]), int(match[3][:9])
        if not 1 <= weight <= 10_000 or busy > MOST_BUSY:
            message = _("“{word}”: a weight is from 1 to 10000, and at most {most} are busy")
            raise BadInput("groups", message.format(word=word[:20], most=MOST_BUSY))
        above = path.rpartition("/")[0]
        if path in found or (above and above not in found):
            message = _("“{word}”: write each group once, and after the one above it")
            raise BadInput("groups", message.format(word=word[:20]))
        if above and found[above].busy:
            message = _("“{path}” holds processes, so it has no groups: give it 0 busy ones")
            raise BadInput("groups", message.format(path=above))
        found[path] = Wanted(weight, busy)
    if not 1 <= len(found) <= MOST_GROUPS:
        raise BadInput("groups", _("one to {most} groups").format(most=MOST_GROUPS))
    return Groups(tuple(found.items()))


@cache
def simulated(written: Groups, policy: str) -> dict[str, int]:
    return shares(dict(written.tree), policy=policy)


@explorable(
    "containers/cgroups/shares",
    title=N_("What a weight is worth"),
    predict=N_(
        "Three groups have the weights 100, 200 and 700, but nothing in c wants to run. How much"
        " of the CPU does a get?"
    ),
    controls=(
        Words(
            name="groups",
            label=N_("Groups, as path=weight:busy processes"),
            default="a=100:1 b=200:1 c=700:0",
            parse=groups,
        ),
        Choice(
            name="policy",
            label=N_("Scheduler inside each group"),
            default="eevdf",
            options=(("eevdf", "EEVDF"), ("rr", N_("round robin")), ("fcfs", "FCFS")),
        ),
    ),
)
def view(groups: Groups, policy: str) -> View:
    """By the rule, if all were active, and as the simulated machine shared four seconds out."""
    tree = dict(groups.tree)
    got = simulated(groups, policy)
    total = sum(ran for path, ran in got.items() if "/" not in path) or 1
    parts = {path: ran / total for path, ran in got.items()}
    ideal = promised({path: Wanted(one.weight, 1) for path, one in tree.items()})
    leaves = [path for path in tree if not any(other.startswith(f"{path}/") for other in tree)]
    all_busy, simulated_words = _("if all of them were busy"), _("simulated")
    rows = [
        fig.Bar(label, [(path, float(values[path])) for path in leaves])
        for label, values in ((all_busy, ideal), (simulated_words, parts))
    ]
    says = _("{parts}. Together {total}: what one does not want, its siblings share.").format(
        parts=", ".join(f"{path} {percent(round(parts[path], 4))}" for path in tree),
        total=percent(total / sum(_ticks(got))) if sum(_ticks(got)) else percent(0),
    )
    picture = fig.bars(
        rows,
        title=_("Shares of one CPU, in percent"),
        description=says,
        total=lambda part: f"{100 * part:.0f}",
        kinds=leaves,
    )
    return View((picture,), says)


def _ticks(got: dict[str, int]) -> list[int]:
    return [ran for path, ran in got.items() if "/" not in path]
