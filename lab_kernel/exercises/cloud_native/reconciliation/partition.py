"""How many pods run while a node is cut off?"""

from __future__ import annotations

import random
from functools import cache

from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.cloud_native.examples import example
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

START = 100
HEALED = 400  # s after the cut
MOMENTS = {  # s after the cut
    "early": (90, 150, 240),
    "late": (350, 370, 390),
    "healed": (HEALED + 60, HEALED + 80),
}


@cache
def counts(nodes: int, replicas: int, cut: int) -> tuple[dict[int, int], int]:
    """Pods that run anywhere at each of the moments, and how many were on the cut-off side."""
    cluster = Cluster(nodes)
    text = example("web").replace("replicas: 3", f"replicas: {replicas}")
    cluster.apply(text)
    cluster.run(START)
    away = list(cluster.hosts)[:cut]
    there = sum(pod.spec.node_name in away for pod in cluster.pods("web"))
    cluster.partition(*away)
    cluster.at(START + HEALED, cluster.heal)
    running = {}
    for second in sorted(second for seconds in MOMENTS.values() for second in seconds):
        cluster.run(START + second)
        running[second] = sum(len(kubelet.workers) for kubelet in cluster.kubelets.values())
    return running, there


@exercise("cloud-native/reconciliation/partition", title=N_("How many pods run?"))
def partition(rng: random.Random) -> Problem:
    """Both sides of a cut go on; which replaces what, and when?"""
    nodes = rng.choice((3, 4))
    cut = 1 if nodes == 3 else rng.choice((1, 2))
    replicas = nodes * rng.randrange(1, 3)
    moment = rng.choice(list(MOMENTS))
    second = rng.choice(MOMENTS[moment])
    running, there = counts(nodes, replicas, cut)
    answer = running[second]
    if moment == "healed":
        when = _(
            "{later} s after the network is whole again; that was {healed} s after the cut"
        ).format(later=second - HEALED, healed=HEALED)
    else:
        when = _("{second} s after the cut").format(second=second)
    mistakes: list[Mistake] = []
    if moment == "early":
        mistakes = [
            (
                replicas + there,
                _("Not yet: pods bear a lost node for 300 s before they are replaced."),
            ),
            (replicas - there, _("The pods that are cut off run on; only nobody hears of them.")),
        ]
    elif moment == "late":
        mistakes = [
            (replicas, _("The store counts that many. On the cut-off side the old ones run on.")),
            (replicas - there, _("The pods that are cut off run on, and have been replaced.")),
        ]
    else:
        mistakes = [
            (
                replicas + there,
                _("The kubelets are back and have ended what was deleted meanwhile."),
            ),
            (replicas - there, _("What was replaced stays replaced.")),
        ]
    return Problem(
        prompt=_(
            "{replicas} replicas are spread evenly over {nodes} nodes, {each} on each. {cut} All"
            " machines go on running. The figures are the defaults: a node counts as lost after"
            " about 40 s, and its pods bear that for 300 s. How many of these pods run in all, on"
            " both sides together, {when}?"
        ).format(
            replicas=replicas,
            nodes=nodes,
            each=replicas // nodes,
            cut=_("One of the nodes is cut off from the others.")
            if cut == 1
            else _("Two of the nodes are cut off from the others."),
            when=when,
        ),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes, _("Count both sides apart.")),
        hints=(
            _("What does a kubelet do that hears nothing any more?"),
            _("When does the other side give up the pods, and who could tell the kubelet?"),
            _("{there} of them are on the side that is cut off.").format(there=there),
        ),
        solution={
            "early": _(
                "Nothing has been replaced yet, and all run on: {answer}. The services of the"
                " larger side leave {there} of them out."
            ),
            "late": _("{there} were replaced and run on all the same: {answer}."),
            "healed": _("The kubelets have ended the {there} old ones: {answer}."),
        }[moment].format(answer=answer, there=there),
    )
