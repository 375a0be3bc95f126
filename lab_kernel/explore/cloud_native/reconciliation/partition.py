"""A node that is cut off: what the store says of its pods, and what runs there."""

from __future__ import annotations

from functools import lru_cache

from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.cloud_native.views import timeline_of
from lab_kernel.explore import View, Whole, explorable
from lab_kernel.explore.cloud_native.reconciliation.wording import START, pods, web
from lab_kernel.language import N_, _
from lab_kernel.trace import Trace

UNTIL = 600


@lru_cache(maxsize=1)  # for the other language
def story(heals: int) -> tuple[Cluster, str, int]:
    """The cluster after ten minutes, the node cut off from second 60 for ``heals`` seconds, and
    how many pods ran at the most."""
    cluster = web().run(START)
    node = cluster.pods("web")[0].spec.node_name or ""
    cluster.partition(node)
    cluster.at(START + heals, cluster.heal)
    most = 0
    while cluster.now < UNTIL:
        cluster.run(cluster.now + 5)
        most = max(most, running(cluster))
    return cluster, node, most


def running(cluster: Cluster) -> int:
    """Pods that run somewhere, whether the store knows or not."""
    return sum(len(kubelet.workers) for kubelet in cluster.kubelets.values())


@explorable(
    "cloud-native/reconciliation/partition",
    title=N_("Two views of a node that is cut off"),
    predict=N_(
        "A node is cut off from the rest, but runs on. How many pods run in all after seven"
        " minutes, when three are desired? And what if the network is back after one minute?"
    ),
    controls=(
        Whole(
            name="heals", label=N_("Seconds until the network is back"),
            default=450, low=10, high=540,
        ),
    ),
)  # fmt: skip
def partition(heals: int) -> View:
    """Two rows for each pod there: what the store says, and what is true."""
    cluster, node, most = story(heals)
    says = _(
        "{node} is cut off for {heals} s. At most {most} run at the same time, in the end {last}."
    ).format(node=node, heals=heals, most=pods(most), last=pods(running(cluster)))
    trace = Trace(e for e in cluster.trace if e.time + e.duration >= (START - 10) * 1000)
    store = timeline_of(trace, "pod/", title=_("What the store says"), description=says)
    truth = timeline_of(
        trace, "node-",
        title=_("What runs, and where"),
        description=_("A row for each node's network and for each pod that runs on a node."),
    )  # fmt: skip
    return View((store, truth), says, {"most": most, "last": running(cluster)})
