"""When memory runs out: promises that are refused, and the process that has to go."""

from __future__ import annotations

from collections.abc import Sequence

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, Words, explorable
from lab_kernel.explore.kernel.memory import inputs
from lab_kernel.kernel.oom import HEURISTIC, NEVER, Commit, Task, choose
from lab_kernel.language import N_, _

GIB = 1 << 18  # pages of 4 KiB
RAM, SWAP = 16, 4  # GiB, the example machine of both pictures

MODES = {
    "0": N_("0: heuristic, the default"),
    "1": N_("1: always grant"),
    "2": N_("2: stay below CommitLimit"),
}


@explorable(
    "kernel/memory/overcommit",
    title=N_("Promising more than there is"),
    predict=N_(
        "A machine has 16 GiB of RAM and 4 GiB of swap. Which of the requests below are refused?"
    ),
    controls=(
        Choice(
            name="mode",
            label="vm.overcommit_memory",
            default="0",
            options=tuple(MODES.items()),
        ),
        Whole(name="ratio", label="vm.overcommit_ratio", default=50, low=0, high=100),
        Words(
            name="request",
            label=N_("Requests, GiB"),
            default="5,6,7,24",
            parse=inputs.sizes(12, 99),
        ),
    ),
)
def overcommit(mode: str, ratio: int, request: Sequence[int]) -> View:
    """Linux's three modes on a machine of 16 GiB of RAM and 4 GiB of swap."""
    account = Commit(RAM * GIB, SWAP * GIB, int(mode), ratio)
    refused, promised = [], [(0, 0.0)]
    for n, size in enumerate(request, 1):
        if not account.charge(size * GIB):
            refused.append(size)
        promised.append((n, account.committed / GIB))
    limit = account.limit / GIB
    says = _("Mode {mode}: {committed} GiB promised, {refused}; {rule}.").format(
        mode=mode,
        committed=f"{account.committed / GIB:g}",
        refused=_("refused {sizes} GiB").format(sizes=", ".join(map(str, refused)))
        if refused
        else _("nothing refused"),
        rule=_rule(account, limit),
    )
    n = len(request)
    picture = fig.step_chart(
        [
            fig.Series(_("promised"), promised),
            fig.Series(_("RAM + swap"), [(0, RAM + SWAP), (n, RAM + SWAP)]),
            fig.Series("CommitLimit", [(0, limit), (n, limit)]),
        ],
        title=_("Promised memory after every request"),
        description=_(
            "GiB promised: {promised}. CommitLimit {limit:g}, RAM and swap {all}."
        ).format(
            promised=", ".join(f"{gib:g}" for _n, gib in promised), limit=limit, all=RAM + SWAP
        ),
        x_label=_("requests"),
        y_label="GiB",
    )
    return View((picture,), says)


def _rule(account: Commit, limit: float) -> str:
    if account.mode == HEURISTIC:
        return _(
            "this mode refuses only a single request above {all} GiB of RAM and swap,"
            " and CommitLimit ({limit} GiB) does not bind"
        ).format(all=RAM + SWAP, limit=f"{limit:g}")
    if account.mode == NEVER:
        return _(
            "the sum must stay below CommitLimit, {swap} GiB of swap + {ratio}% of {ram} GiB ="
            " {limit} GiB"
        ).format(swap=SWAP, ratio=account.ratio, ram=RAM, limit=f"{limit:g}")
    return _("there are only {all} GiB of RAM and swap to keep the promises").format(all=RAM + SWAP)


# Example processes, GiB: (name, resident, swapped out, oom_score_adj).
PROCESSES = (
    (N_("database"), 7.5, 1.0, 0),
    (N_("build job"), 4.0, 2.0, 0),
    (N_("web server"), 3.0, 1.0, 0),
    ("sshd", 0.5, 0.0, -1000),
)


@explorable(
    "kernel/memory/oom",
    title=N_("Whom the OOM killer chooses"),
    predict=N_(
        "16 GiB of RAM and 4 GiB of swap are full. Which process is killed, and which one if the"
        " database has oom_score_adj -500?"
    ),
    controls=(
        Whole(
            name="adj",
            label=N_("oom_score_adj of the database"),
            default=0,
            low=-1000,
            high=1000,
        ),
    ),
)
def oom(adj: int) -> View:
    """Badness of four example processes as Linux computes it; sshd protects itself with -1000."""
    total = (RAM + SWAP) * GIB
    tasks = [
        Task(
            name,
            rss=int(resident * GIB),
            swap=int(swapped * GIB),
            oom_score_adj=own if n else adj,
        )
        for n, (name, resident, swapped, own) in enumerate(PROCESSES)
    ]
    victim = choose(tasks, total)
    assert victim is not None  # only the database and sshd can be unkillable
    scores = {task.name: _points(task.badness(total)) for task in tasks}
    says = _("Killed: {victim}; badness: {scores}.").format(
        victim=_(victim.name),
        scores=", ".join(f"{_(name)} {points}" for name, points in scores.items()),
    )
    picture = fig.bars(
        [
            fig.Bar(
                (
                    _("{name}, badness {points}: killed")
                    if task is victim
                    else _("{name}, badness {points}")
                ).format(name=_(task.name), points=scores[task.name]),
                [(_("in memory"), task.rss / GIB), (_("in swap"), task.swap / GIB)],
            )
            for task in tasks
        ],
        title=_("What each process holds, GiB"),
        description=says,
        total=lambda gib: f"{gib:.1f}",
    )
    return View((picture,), says)


def _points(badness: int | None) -> str:
    return _("never") if badness is None else f"{badness / GIB:.1f} GiB"
