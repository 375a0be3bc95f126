"""Why is a node out?"""

from __future__ import annotations

import random
from dataclasses import dataclass

from lab_kernel.cloud_native.objects import Taint, Toleration
from lab_kernel.cloud_native.placement import Scheduler, node, pod
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import one_of
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

WORDS = ("cpu", "memory", "pods", "taint", "selector", "cordon", "none")
FOUND = {
    "Insufficient cpu": "cpu",
    "Insufficient memory": "memory",
    "Too many pods": "pods",
    "node(s) were unschedulable": "cordon",
    "node(s) didn't match Pod's node affinity/selector": "selector",
}
EFFECTS = ("NoSchedule", "PreferNoSchedule", "NoExecute")


@dataclass(frozen=True, slots=True)
class Case:
    """A node and a pod; ``reason`` is a word of ``WORDS``, ``told`` kubectl's line for it."""

    lines: tuple[str, ...]
    reason: str
    told: str
    traps: tuple[Mistake, ...]


def _case(rng: random.Random) -> Case:
    cpu, memory = rng.choice((500, 1000, 1500)), rng.choice((1, 2, 3))
    free_cpu = cpu + rng.choice((-250, 0, 0, 250))
    free_memory = memory + rng.choice((-1, 0, 0, 1))
    there, most = rng.choice(((3, 12), (12, 12), (11, 12)))
    disk, wants = rng.choice(("ssd", "hdd")), rng.choice(("ssd", "ssd", ""))
    effect = rng.choice(EFFECTS)
    value, tolerated = rng.choice(("gpu", "batch", "")), rng.choice(("gpu", "batch", ""))
    cordoned = rng.random() < 0.15
    taints = (Taint(key="team", value=value, effect=effect),) if value else ()  # type: ignore[arg-type]
    tolerations = (Toleration(key="team", value=tolerated),) if tolerated else ()
    used = f"{4000 - free_cpu}m", f"{8 - free_memory}Gi"
    scheduler = Scheduler(
        [node("a", 4, "8Gi", most, "", {"disk": disk}, taints, unschedulable=cordoned)]
    )
    scheduler.bind(pod("big", *used), "a")
    for number in range(there - 1):
        scheduler.bind(pod(f"small-{number}"), "a")
    wish = pod(
        "new",
        f"{cpu}m",
        f"{memory}Gi",
        node_selector={"disk": wants} if wants else {},
        tolerations=tolerations,
    )
    (judged,) = scheduler.judge(wish)
    first = judged.reasons[0] if judged.reasons else ""
    reason = FOUND.get(first, "taint" if first else "none")
    lines = (
        _(
            "The node has {cpu}m CPU and {memory}Gi free and holds {there} of {most} pods. Its"
            " label: disk={disk}. Its taint: {taint}. Cordoned: {cordoned}."
        ).format(
            cpu=free_cpu,
            memory=free_memory,
            there=there,
            most=most,
            disk=disk,
            taint=f"team={value}:{effect}" if value else "-",
            cordoned=_("yes") if cordoned else _("no"),
        ),
        _(
            "The pod requests {cpu}m CPU and {memory}Gi. Its selector: {selector}. It tolerates:"
            " {tolerates}."
        ).format(
            cpu=cpu,
            memory=memory,
            selector=f"disk={wants}" if wants else "-",
            tolerates=f"team={tolerated}" if tolerated else "-",
        ),
    )
    traps: list[Mistake] = []
    if value and effect == "PreferNoSchedule":
        traps.append(("taint", _("PreferNoSchedule only costs points; it keeps no pod out.")))
    if value and value == tolerated:
        traps.append(("taint", _("The pod tolerates this taint.")))
    if free_cpu == cpu:
        traps.append(("cpu", _("What is free is exactly enough.")))
    if free_memory == memory:
        traps.append(("memory", _("What is free is exactly enough.")))
    if len(judged.reasons) > 1:
        reason = ""  # two answers would be right
    return Case(lines, reason, first, tuple(traps))


@exercise("cloud-native/placement/pending", title=N_("Why is the node out?"))
def pending(rng: random.Random) -> Problem:
    """The first filter that says no is the reason that is told."""
    wanted = rng.choice(WORDS)  # so that each is as frequent as any other
    while True:
        case = _case(rng)
        if case.reason == wanted:
            break
    return Problem(
        prompt="\n".join(
            [
                *case.lines,
                _(
                    "Which reason does the scheduler give against this node? Of several filters"
                    " that say no the first counts: cordon, taint, selector, then what is short"
                    " (pods, cpu or memory). If it may run here: none."
                ),
            ]
        ),
        expects=_("One of: {words}.").format(words=", ".join(WORDS)),
        answer=case.reason,
        read=one_of(*WORDS),
        explain=recognise(
            case.traps, _("Go through the filters in their order; the first that says no counts.")
        ),
        hints=(
            _("Is the node cordoned? Does it have a taint that the pod does not tolerate?"),
            _("Has the node the label that the selector asks for? Only then compare amounts."),
            _("Exactly enough is enough, and PreferNoSchedule keeps nobody out."),
        ),
        solution=_("It is {answer}: {told}").format(
            answer=case.reason, told=case.told or _("every filter lets it through.")
        ),
    )
