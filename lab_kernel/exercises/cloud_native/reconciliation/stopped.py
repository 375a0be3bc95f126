"""Which part of the control plane has stopped?"""

from __future__ import annotations

import random
from functools import cache

from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.cloud_native.examples import example
from lab_kernel.cloud_native.objects import Deployment, Endpoints, Pod, ReplicaSet
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import one_of
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

#: name in the problem: what stops, None for the kubelets
PARTS = {
    "deployment": "deployment-controller",
    "replicaset": "replicaset-controller",
    "scheduler": "default-scheduler",
    "kubelet": None,
    "endpoints": "endpoint-controller",
}
DUTY = {
    "deployment": N_("The deployment controller makes the replica set."),
    "replicaset": N_("The replica set controller makes and deletes pods."),
    "scheduler": N_("The scheduler gives each pod a node."),
    "kubelet": N_("The kubelet starts what its node is given, and reports it."),
    "endpoints": N_("The endpoints controller lists the ready pods behind a service."),
}


@cache
def symptoms(part: str, replicas: int) -> tuple[str, ...]:
    """What there is half a minute after the manifest was applied."""
    cluster = Cluster(3)
    name = PARTS[part]
    if name is None:
        for host in cluster.hosts.values():
            host.power_off()  # no kubelet there, and no other trace of it for 40 s
    else:
        cluster.stop_controller(name)
    cluster.apply(example("web").replace("replicas: 3", f"replicas: {replicas}"))
    cluster.run(30)
    pods = cluster.store.all(Pod)
    ready = sum(pod.status.ready for pod in pods)
    placed = sum(pod.spec.node_name is not None for pod in pods)
    running = sum(pod.status.phase == "Running" for pod in pods)
    sets = cluster.store.all(ReplicaSet)
    behind = sum(len(each.endpoints) for each in cluster.store.all(Endpoints))
    return (
        f"Deployment: {len(cluster.store.all(Deployment))}, replicas {replicas}",
        f"ReplicaSet: {len(sets)}" + (f", replicas {sets[0].spec.replicas}" if sets else ""),
        f"Pod: {len(pods)}, with a node {placed}, Running {running}, Ready {ready}",
        f"Endpoints: {behind}",
    )


@exercise("cloud-native/reconciliation/stopped", title=N_("Which part has stopped?"))
def stopped(rng: random.Random) -> Problem:
    """The chain from a deployment to a service breaks at one place."""
    answer = rng.choice(sorted(PARTS))
    replicas = rng.randrange(2, 7)
    seen = symptoms(answer, replicas)
    order = list(PARTS)
    mistakes: list[Mistake] = []
    for part in order:
        if part == answer:
            continue
        early = order.index(part) < order.index(answer)
        why = (
            _("{duty} That has been done.")
            if early
            else _("{duty} Something before that is missing.")
        )
        mistakes.append((part, why.format(duty=_(DUTY[part]))))
    near = sorted({answer, *rng.sample([part for part in order if part != answer], 1)})
    return Problem(
        prompt=_(
            "A manifest with a Deployment of {replicas} replicas and a Service was applied half a"
            " minute ago. One part of the control plane, or all kubelets, have stopped. This is"
            " what there is:\n{seen}\nWhich one has stopped?"
        ).format(replicas=replicas, seen="\n".join(seen)),
        expects=_("One of: {allowed}.").format(allowed=", ".join(PARTS)),
        answer=answer,
        read=one_of(*PARTS),
        explain=recognise(mistakes, _("Follow the chain from the Deployment on.")),
        hints=(
            _("Each part makes one kind of object from another. Which one is missing first?"),
            _("Deployment, ReplicaSet, Pod, node, Running and Ready, Endpoints: who makes which?"),
            _("It is one of: {some}.").format(some=", ".join(near)),
        ),
        solution=_("{duty} That has not been done, and everything before it has: {answer}.").format(
            duty=_(DUTY[answer]), answer=answer
        ),
    )
