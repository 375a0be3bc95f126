"""Three replicas, three nodes, and one node whose power fails."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.cloud_native.examples import example
from lab_kernel.cloud_native.manifest import manifest
from lab_kernel.cloud_native.objects import Deployment, Toleration
from lab_kernel.cloud_native.objects.nodes import UNREACHABLE
from lab_kernel.cloud_native.views import timeline_of
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.cloud_native.reconciliation.wording import START, seconds
from lab_kernel.language import N_, _
from lab_kernel.trace import Trace

UNTIL = 600
BACK = {"never": None, "30": 30, "120": 120, "420": 420}


@lru_cache(maxsize=1)  # for the other language
def story(grace: int, tolerates: int, back: str) -> tuple[Cluster, str]:
    """The cluster after ten minutes, and the node that failed at second 60."""
    cluster = Cluster(3, grace=grace)
    for thing in manifest(example("web"), "web.yaml"):
        if isinstance(thing, Deployment):
            bears = Toleration(key=UNREACHABLE, operator="Exists", effect="NoExecute",
                               toleration_seconds=tolerates)  # fmt: skip
            pod = replace(thing.spec.template.spec, tolerations=(bears,))
            template = replace(thing.spec.template, spec=pod)
            thing = replace(thing, spec=replace(thing.spec, template=template))
        cluster.put(thing)
    cluster.run(START)
    node = cluster.pods("web")[0].spec.node_name or ""
    cluster.fail_node(node)
    after = BACK[back]
    if after is not None:
        cluster.at(START + after, lambda: cluster.restore_node(node))
    return cluster.run(UNTIL), node


def when(cluster: Cluster, reason: str, prefix: str = "") -> int | None:
    """ms from the failure to the first event with this reason."""
    times = [
        event.time
        for event in cluster.record.events()
        if event.name == reason and event.track.startswith(prefix) and event.time > START * 1000
    ]
    return times[0] - START * 1000 if times else None


@explorable(
    "cloud-native/reconciliation/node",
    title=N_("A node dies"),
    predict=N_(
        "One of three nodes loses power at second 60. How long does the service lack a replica"
        " until a new one is ready elsewhere?"
    ),
    controls=(
        Whole(
            name="grace", label=N_("Seconds of silence until a node counts as lost"),
            default=40, low=15, high=120,
        ),
        Whole(
            name="tolerates", label=N_("Seconds that pods bear a lost node"),
            default=300, low=0, high=300,
        ),
        Choice(
            name="back",
            label=N_("Power is back"),
            default="never",
            options=(
                ("never", N_("stays off")),
                ("30", N_("after 30 s")),
                ("120", N_("after 120 s")),
                ("420", N_("after 420 s")),
            ),
        ),
    ),
)  # fmt: skip
def node(grace: int, tolerates: int, back: str) -> View:
    """What the store says of each pod and node, second by second."""
    cluster, failed = story(grace, tolerates, back)
    missed = when(cluster, "NodeNotReady", "node/")
    replaced = when(cluster, "SuccessfulCreate")
    if missed is None:
        says = _("{node} is back before anybody has missed it. Its pod is started again there.")
        says = says.format(node=failed)
    elif replaced is None:
        says = _(
            "{node} counts as lost after {missed} and gets no more traffic; it is back before its"
            " pod has to go."
        ).format(node=failed, missed=seconds(missed))
    else:
        says = _(
            "{node} counts as lost after {missed} and gets no more traffic; its pod is replaced"
            " after {replaced}. Until it is missed, the service goes on sending requests there."
        ).format(node=failed, missed=seconds(missed), replaced=seconds(replaced))
    trace = cluster.trace
    picture = timeline_of(
        Trace(e for e in trace if e.time + e.duration >= (START - 10) * 1000),
        "pod/",
        f"node/{failed}",
        failed,
        title=_("{node} fails at second {second}").format(node=failed, second=START),
        description=says,
    )
    return View(
        (picture,), says,
        {"missed_ms": -1 if missed is None else missed,
         "replaced_ms": -1 if replaced is None else replaced},
    )  # fmt: skip
