"""Scenarios: what goes wrong with a cluster, and when. Declared once, by name.

Each begins at second 60, when what was applied has settled. The first deployment is the one that
is struck, and of the nodes the one with most of its pods.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.cloud_native.controllers.endpoints import matches
from lab_kernel.cloud_native.objects import Deployment, Metadata, Pod, Service
from lab_kernel.cloud_native.traffic import Gateway, load
from lab_kernel.language import N_
from lab_kernel.registry import unknown

START = 60
RATE = 10.0  # requests in a second


@dataclass(frozen=True, slots=True)
class Scenario:
    """``plan`` puts what happens on the cluster's clock. ``summary`` is a source string."""

    name: str
    summary: str
    plan: Callable[[Cluster], None]


def scenario(name: str) -> Scenario:
    """The one by this name; BadInput says which there are."""
    if name not in SCENARIOS:
        raise unknown("scenario", name, SCENARIOS)
    return SCENARIOS[name]


def struck(cluster: Cluster) -> str:
    """The node with most pods of the first deployment; the first node if there are none."""
    names = [each.metadata.name for each in cluster.store.all(Deployment)]
    pods = cluster.pods(names[0]) if names else cluster.store.all(Pod)
    on = [pod.spec.node_name for pod in pods if pod.spec.node_name]
    return max(cluster.hosts, key=on.count)


def _none(cluster: Cluster) -> None:
    pass


def _pod_crash(cluster: Cluster) -> None:
    for second in (START, START + 30, START + 60):
        cluster.at(second, lambda: _crash(cluster))


def _crash(cluster: Cluster) -> None:
    for pod in cluster.pods():
        if pod.status.phase == "Running":
            cluster.crash_container(pod.metadata.name)
            return


def _node_failure(cluster: Cluster) -> None:
    cluster.at(START, lambda: cluster.fail_node(struck(cluster)))


def _node_drain(cluster: Cluster) -> None:
    cluster.at(START, lambda: cluster.drain(struck(cluster)))


def _partition(cluster: Cluster) -> None:
    cluster.at(START, lambda: cluster.partition(struck(cluster)))
    cluster.at(START + 400, cluster.heal)


def _bad_image(cluster: Cluster) -> None:
    def broken() -> None:
        for each in cluster.store.all(Deployment)[:1]:
            first = each.spec.template.spec.containers[0]
            image = first.image.rpartition(":")[0] or first.image
            cluster.set_image(each.metadata.name, f"{image}:no-such-tag", bad_image="true")

    def back() -> None:
        for each in cluster.store.all(Deployment)[:1]:
            cluster.rollout_undo(each.metadata.name)

    cluster.at(START, broken)
    cluster.at(START + 240, back)


def _rollout_node_failure(cluster: Cluster) -> None:
    """A new image under load, and in the middle of it the node with most pods goes dark."""

    def requests() -> None:
        service = in_front(cluster)
        if service:
            load(Gateway(cluster, service, attempts=4), RATE, START - 10, START + 120)

    def new_image() -> None:
        for each in cluster.store.all(Deployment)[:1]:
            image = each.spec.template.spec.containers[0].image
            cluster.set_image(each.metadata.name, f"{image.rpartition(':')[0] or image}:next")

    cluster.at(START - 10, requests)
    cluster.at(START, new_image)
    cluster.at(START + 12, lambda: cluster.fail_node(struck(cluster)))


def in_front(cluster: Cluster) -> str:
    """The first service that has pods of the first deployment; "" if there is none."""
    pods = [
        Pod(metadata=Metadata(name="-", labels=each.spec.template.metadata.labels),
            spec=each.spec.template.spec)
        for each in cluster.store.all(Deployment)[:1]
    ]  # fmt: skip
    found = [each for each in cluster.store.all(Service) for pod in pods if matches(each, pod)]
    return found[0].metadata.name if found else ""


def _lost_events(cluster: Cluster) -> None:
    def delete() -> None:
        for pod in cluster.pods()[:1]:
            cluster.delete_pod(pod.metadata.name, force=True)

    cluster.at(START, lambda: cluster.lose_notices(lambda _kind, _name: True))
    cluster.at(START + 1, delete)
    cluster.at(START + 11, lambda: cluster.lose_notices(None))


SCENARIOS: Mapping[str, Scenario] = {
    each.name: each
    for each in (
        Scenario("none", N_("nothing goes wrong"), _none),
        Scenario("pod-crash", N_("a program crashes at 60, 90 and 120 s"), _pod_crash),
        Scenario("node-failure", N_("a node's power fails at 60 s, for good"), _node_failure),
        Scenario("node-drain", N_("a node is drained at 60 s"), _node_drain),
        Scenario("partition", N_("a node is cut off at 60 s, until 460 s"), _partition),
        Scenario(
            "bad-image",
            N_("an image that does not exist at 60 s, rolled back at 300 s"),
            _bad_image,
        ),
        Scenario(
            "lost-events",
            N_("a pod is deleted at 61 s, while no notice arrives (60 to 71 s)"),
            _lost_events,
        ),
        Scenario(
            "rollout-node-failure",
            N_("a new image at 60 s, under load (50 to 180 s); a node's power fails at 72 s"),
            _rollout_node_failure,
        ),
    )
}
