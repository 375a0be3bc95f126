"""Which limit binds in a tree?"""

from __future__ import annotations

import random
from collections.abc import Generator
from typing import Any

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.machine import Machine
from lab_kernel.kernel.program import Compute
from lab_kernel.language import N_, _

PERIOD = 100  # ms
LENGTH = 2  # periods
NAMES = ("pods", "pod", "app", "sidecar")


def used(quotas: dict[str, int | None], cpus: int) -> int:
    """ms that ``app`` uses in each period, with a busy thread for each CPU, and ``sidecar`` too."""
    machine = Machine(cpus=cpus, quantum=10)
    pods = machine.cgroups.make("pods", cpu_max=written(quotas["pods"]))
    pod = pods.make("pod", cpu_max=written(quotas["pod"]))
    app = pod.make("app", cpu_max=written(quotas["app"]))
    pod.make("sidecar", cpu_max=written(quotas["sidecar"]))  # nothing runs in it
    for _thread in range(cpus):
        machine.spawn(_busy, cgroup=app)
    machine.run(LENGTH * PERIOD)
    return app.cpu.usage // LENGTH


def written(quota: int | None) -> str:
    return f"{'max' if quota is None else quota * 1000} {PERIOD * 1000}"


def _busy() -> Generator[Any, Any, None]:
    yield Compute(1 << 20)


@exercise("containers/cgroups/tree", title=N_("Which limit binds?"))
def tree(rng: random.Random) -> Problem:
    """Three limits above each other, one beside, and a machine with so many CPUs."""
    while True:
        cpus = rng.choice((1, 2, 4))
        quotas: dict[str, int | None] = {
            name: rng.choice((None, *range(20, 420, 20))) for name in NAMES
        }
        chain = [quotas[name] for name in NAMES[:3]]
        limits = [quota for quota in chain if quota is not None]
        if len(limits) < 2 or quotas["sidecar"] is None:
            continue
        own = quotas["app"]
        answer = min(*limits, cpus * PERIOD)
        if (
            own is not None
            and own > answer
            and len({*limits, cpus * PERIOD, quotas["sidecar"]}) == (len(limits) + 2)
        ):
            break
    answer = used(quotas, cpus)
    mistakes: list[Mistake] = [
        (own, _("That is its own limit. A limit above binds as well.")),
        (quotas["sidecar"], _("sidecar is beside it, not above: its limit is its own affair.")),
        (
            own - quotas["sidecar"],
            _("sidecar has nothing to run, and takes nothing from app."),
        ),
        (cpus * PERIOD, _("The CPUs would do that much. A limit is lower.")),
        (max(limits), _("Of several limits the lowest binds.")),
        (min(limits), _("That would be the limit, but the machine has not so many CPUs.")),
    ]
    mistakes += [
        (quota, _("Another limit on the way up is lower.")) for quota in limits if quota != answer
    ]
    listed = "\n".join(
        f"{path}: cpu.max {written(quotas[name])}"
        for path, name in (
            ("pods", "pods"),
            ("pods/pod", "pod"),
            ("pods/pod/app", "app"),
            ("pods/pod/sidecar", "sidecar"),
        )
    )
    return Problem(
        prompt=_(
            "These are the groups of a machine. Number of CPUs: {cpus}.\n{groups}\nIn app as many"
            " threads compute without end as there are CPUs; sidecar has nothing to run. How many"
            " ms of CPU does app use in each 100 ms?"
        ).format(cpus=cpus, groups=listed),
        expects=_("A whole number of milliseconds."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Take the lowest limit on the way from app to the root.")),
        hints=(
            _("A quota is in microseconds, and counts all CPUs together."),
            _("Which limits does a tick of app count against? app's own, and those above it."),
            _("One of: {values}.").format(
                values=", ".join(str(v) for v in sorted({*limits, cpus * PERIOD}))
            ),
        ),
        solution=_("The lowest of {values} binds: {answer} ms.").format(
            values=", ".join(str(v) for v in sorted({*limits, cpus * PERIOD})), answer=answer
        ),
    )
