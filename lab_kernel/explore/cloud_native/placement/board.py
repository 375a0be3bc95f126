"""A few nodes, and pods that come one by one: where does each go?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lab_kernel import figures as fig
from lab_kernel.cloud_native.objects import Pod
from lab_kernel.cloud_native.placement import Filled, Profile, Scheduler, node
from lab_kernel.cloud_native.placement.filled import CPU, MEMORY
from lab_kernel.cloud_native.quantity import written
from lab_kernel.explore import Choice, View, Whole, Words, explorable
from lab_kernel.explore.cloud_native.placement.inputs import Apps, Hand, apps, hand
from lab_kernel.explore.cloud_native.placement.wording import nodes, pods
from lab_kernel.language import N_, _

LETTERS = "abcdef"
CPUS, MEMORY_OF_A_NODE = 4, "8Gi"
MI = 1 << 20
POLICIES = (
    ("LeastAllocated", N_("LeastAllocated: the emptiest node")),
    ("MostAllocated", N_("MostAllocated: the fullest node")),
)


def place(
    chosen: str, count: int, wanted: Sequence[Pod], by_hand: str
) -> tuple[Scheduler, dict[str, str]]:
    """The nodes after all pods, and why each of the others is Pending."""
    profile = Profile(chosen, balanced=0)
    scheduler = Scheduler([node(name, CPUS, MEMORY_OF_A_NODE) for name in LETTERS[:count]], profile)
    waiting: dict[str, str] = {}
    for number, pod in enumerate(wanted):
        letter = by_hand[number] if number < len(by_hand) else ""
        if letter:
            judged = {one.name: one for one in scheduler.judge(pod)}.get(letter)
            if judged is not None and not judged.reasons:
                scheduler.bind(pod, letter)
            else:
                reasons = ", ".join(judged.reasons) if judged else _("there is no such node")
                waiting[pod.metadata.name] = f"{letter}: {reasons}"
        else:
            answer = scheduler.place(pod)
            if not answer:
                waiting[pod.metadata.name] = str(answer)
    return scheduler, waiting


@explorable(
    "cloud-native/placement/board",
    title=N_("Pods onto nodes"),
    predict=N_(
        "Three nodes of 4 CPUs and 8 GiB. Six small pods come first, then one that requests 3 CPUs."
        " Which policy still has a place for it?"
    ),
    controls=(
        Words(
            name="pods",
            label=N_("Pods, in order: name, CPU, memory, number"),
            default="web 1 1Gi x6, db 3 4Gi",
            parse=apps,
        ),
        Choice(
            name="policy", label=N_("Placement policy"), default="LeastAllocated", options=POLICIES
        ),
        Words(
            name="hand",
            label=N_("By hand: a node's letter for each pod (- for none)"),
            default="-",
            parse=hand,
        ),
        Whole(name="nodes", label=N_("Nodes"), low=1, high=6, default=3),
    ),
)
def board(pods: Apps, policy: str, hand: Hand, nodes: int) -> View:
    """What each node's CPU and memory are requested for, and what is left."""
    scheduler, waiting = place(policy, nodes, pods.pods, hand.text)
    says = _says(scheduler, waiting, len(pods.pods))
    return View(
        (
            _picture(scheduler.nodes, CPU, _("CPU requested on each node"), says, cpu),
            _picture(scheduler.nodes, MEMORY, _("Memory requested on each node"), says, memory),
        ),
        says,
    )


def cpu(amount: int) -> str:
    return written(amount, 1000)


def memory(amount: int) -> str:
    return f"{written(amount)}B" if amount else "0"


def _says(scheduler: Scheduler, waiting: Mapping[str, str], all_of_them: int) -> str:
    free = [one.free(CPU) for one in scheduler.nodes.values()]
    told = _("{placed} of {pods} placed. Free: {free} CPUs in all, {most} on one node.").format(
        placed=all_of_them - len(waiting),
        pods=pods(all_of_them),
        free=cpu(sum(free)),
        most=cpu(max(free)),
    )
    empty = sum(not one.pods for one in scheduler.nodes.values())
    if empty:
        told += " " + _("Empty: {nodes}.").format(nodes=nodes(empty))
    if waiting:
        name, why = next(iter(waiting.items()))
        told += " " + _("Pending: {name}, because {why}").format(name=name, why=why.rstrip("."))
        told += "."
    return told


def _picture(
    filled: Mapping[str, Filled], resource: str, title: str, says: str, unit: object
) -> fig.Figure:
    assert callable(unit)
    strips, lines = [], []
    for name, one in filled.items():
        has, at, row = one.allocatable[resource], 0, []
        for each in one.pods.values():
            asked = each.spec.requests().get(resource, 0)
            if asked:
                app = each.metadata.name.rpartition("-")[0]
                row.append(fig.Block(at, asked, app, each.metadata.name))
                at += asked
        if at < has:
            row.append(fig.Block(at, has - at, _("free"), unit(has - at)))
        caption = _("node {name}: {used} of {has}").format(name=name, used=unit(at), has=unit(has))
        strips.append(fig.Strip(caption, row))
        lines.append(caption)
    return fig.blocks(
        strips,
        title=title,
        description=f"{says} {'; '.join(lines)}.",
        states=[_("free")],
        address=lambda amount: str(unit(amount)),
    )
