"""Does placing twice the pods take twice the time? 10,000 pods on 1,000 nodes, beside 5,000.

Ten kinds of pod take turns, two of them spread over zones and one over hosts; a hundredth of the
nodes is tainted. A scheduler that asked every node for every pod would be just as linear in pods,
so the second line bounds the time itself: 10 s on one core, an objective and not a ratio. The
third is what a thousand nodes cost more than a hundred.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from lab_kernel.cloud_native.objects import Node, Pod, Spread, Taint
from lab_kernel.cloud_native.objects.nodes import HOSTNAME, ZONE
from lab_kernel.cloud_native.placement import Scheduler, node, pod, spread_by
from tools.bench.timing import progress, ratio, seconds, shown, told

NODES = 1_000
PODS = 10_000
KINDS = 10
PAIRS = 3
LIMIT = 2.3
OBJECTIVE = 10.0


def fleet(count: int) -> Iterator[Node]:
    for number in range(count):
        taints = (Taint(key="dedicated", effect="NoSchedule"),) if number % 100 == 99 else ()
        cpu, memory = ((8, "32Gi"), (16, "64Gi"), (16, "32Gi"))[number % 3]
        yield node(f"node-{number}", cpu, memory, zone=f"z{number // 3 % 3}", taints=taints)


def waiting(count: int) -> Iterator[Pod]:
    for number in range(count):
        kind = number % KINDS
        labels = {"app": f"app-{kind}"}
        spread: tuple[Spread, ...] = ()
        if kind < 3:
            # A tainted host counts, too, and stays empty: a skew of 1 would be one pod a host.
            skew = 5 if kind == 2 else 1
            where = (ZONE, ZONE, HOSTNAME)[kind]
            spread = (spread_by(where, labels, skew, hard=kind != 1),)
        yield pod(
            f"app-{kind}-{number}",
            f"{100 + 50 * kind}m",
            f"{128 << kind % 4}Mi",
            labels,
            topology_spread_constraints=spread,
        )


def place(nodes: list[Node], pods: list[Pod]) -> None:
    scheduler = Scheduler(nodes)
    for each in pods:
        assert scheduler.place(each)


def main() -> int:
    nodes, pods = list(fleet(NODES)), list(waiting(PODS))
    progress("")
    print(f"{PODS:,} pods on {NODES:,} nodes: times {PODS // 2:,} of them")
    whole, half = partial(place, nodes, pods), partial(place, nodes, pods[: PODS // 2])
    times = ratio("pods", whole, half, PAIRS)
    held = told("twice the pods", f"{times:.2f}", f"{LIMIT:g}", holds=times <= LIMIT)
    took = seconds(whole)
    held &= told("seconds of CPU", f"{took:.1f}", f"{OBJECTIVE:g}", holds=took <= OBJECTIVE)
    few = partial(place, nodes[: NODES // 10], pods[: PODS // 10])
    tenth = ratio("nodes", partial(place, nodes, pods[: PODS // 10]), few, PAIRS)
    shown("ten times the nodes", f"{tenth:.2f}", f"for {PODS // 10:,} pods")
    return 0 if held else 1
