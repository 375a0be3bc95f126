"""Which process does the OOM killer choose?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import one_of
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.oom import UNKILLABLE, Task, choose
from lab_kernel.language import N_, _

TOTAL = 100_000  # pages of RAM and swap: a thousandth is 100 pages
NAMES = ("mysqld", "nginx", "backup", "browser", "sshd")


@exercise("kernel/memory/oom", title=N_("Who is killed?"))
def oom(rng: random.Random) -> Problem:
    """Four processes. Neither the largest of them nor the one that asks has to be the answer."""
    while True:
        tasks = []
        for name in rng.sample(NAMES, 4):
            adj = rng.choice((0, 0, 0, 100, 200, -100, -200, -300, UNKILLABLE))
            tasks.append(
                Task(
                    name,
                    rss=rng.randrange(5, 40) * 1000,
                    swap=rng.randrange(0, 12) * 1000,
                    page_tables=rng.randrange(1, 9) * 100,
                    oom_score_adj=adj,
                )
            )
        mapped = {task.name: rng.randrange(45, 99) * 1000 for task in tasks}
        points = {task.name: task.badness(TOTAL) for task in tasks}
        ranked = sorted((p for p in points.values() if p is not None), reverse=True)
        largest = max(tasks, key=lambda task: task.rss).name
        chosen = choose(tasks, TOTAL)
        if chosen is None or sum(task.rss for task in tasks) > 85_000:
            continue
        if len(ranked) > 2 and ranked[0] - ranked[1] >= 1000 and chosen.name != largest:
            break
    asking = rng.choice([task.name for task in tasks if task is not chosen])
    holds = {task.name: task.rss + task.swap + task.page_tables for task in tasks}
    mistakes: list[Mistake] = [
        (task.name, _("{name}: an oom_score_adj of -1000 exempts it.").format(name=task.name))
        for task in tasks
        if task.oom_score_adj == UNKILLABLE
    ]
    mistakes += [
        (
            task.name,
            _(
                "{name}: it holds {holds:,} pages, but oom_score_adj {adj} changes that by"
                " {shift:,}, to {points:,}. Another has more."
            ).format(
                name=task.name,
                holds=holds[task.name],
                adj=task.oom_score_adj,
                shift=task.oom_score_adj * (TOTAL // 1000),
                points=points[task.name],
            ),
        )
        for task in tasks
        if holds[task.name] > holds[chosen.name] and task.oom_score_adj != UNKILLABLE
    ]
    mistakes += [
        (
            largest,
            _(
                "{name}: most resident pages, but swap, page tables and oom_score_adj count as"
                " well."
            ).format(name=largest),
        ),
        (
            asking,
            _("{name}: it only asked last. The killer looks at who holds most.").format(
                name=asking
            ),
        ),
        (
            max(mapped, key=lambda name: mapped[name]),
            _(
                "Mapped memory is a promise. Ending the process would not give it back, so it"
                " does not count."
            ),
        ),
    ]
    listed = "\n".join(
        _(
            "{name}: mapped {mapped:,}, resident {rss:,}, in swap {swap:,}, page tables {tables:,},"
            " oom_score_adj {adj}"
        ).format(
            name=task.name,
            mapped=mapped[task.name],
            rss=task.rss,
            swap=task.swap,
            tables=task.page_tables,
            adj=task.oom_score_adj,
        )
        for task in tasks
    )
    sums = "\n".join(
        _("{name}: never").format(name=task.name)
        if task.oom_score_adj == UNKILLABLE
        else f"{task.name}: {task.rss:,} + {task.swap:,} + {task.page_tables}"
        f" {'-' if task.oom_score_adj < 0 else '+'} {abs(task.oom_score_adj)} × {TOTAL // 1000}"
        f" = {points[task.name]:,}"
        for task in tasks
    )
    return Problem(
        prompt=_(
            "A machine has {total:,} pages of RAM and swap together. All is in use, nothing can be"
            " reclaimed,"
            " and {asking} touches one more page. Which process does Linux kill? In"
            " pages:\n{listed}"
        ).format(total=TOTAL, asking=asking, listed=listed),
        expects=_("The name of a process."),
        answer=chosen.name,
        read=one_of(*(task.name for task in tasks)),
        explain=recognise(
            mistakes, _("Another process has more points. Work out the points of all of them.")
        ),
        hints=(
            _(
                "What would ending a process give back? That is what counts, not what it was"
                " promised."
            ),
            _(
                "Add up resident pages, swap and page tables. Then oom_score_adj moves the sum,"
                " by a"
                " thousandth of all {total:,} pages for each point."
            ).format(total=TOTAL),
            _(
                "One point of oom_score_adj is {pages} pages here, and -1000 exempts a process."
            ).format(pages=TOTAL // 1000),
        ),
        solution=_("{sums}\nThe most points: {name}.").format(sums=sums, name=chosen.name),
    )
