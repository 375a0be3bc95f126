"""Both autoscalers in the simulated cluster: the programs compute, the kernels count, and the
loop closes with all its delays."""

from __future__ import annotations

from lab_kernel.cloud_native.autoscale import NodeGroup, shapes
from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.cloud_native.controllers.autoscaler import AutoscalerController
from lab_kernel.cloud_native.controllers.node_autoscaler import autoscale_nodes
from lab_kernel.cloud_native.metrics import Work
from lab_kernel.cloud_native.objects import Node
from lab_kernel.cloud_native.placement import node

WEB = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}, annotations: {lab-kernel/start-seconds: "10"}}
    spec:
      containers:
      - name: main
        image: web:1
        readinessProbe: {httpGet: {port: 80}, periodSeconds: 5}
        resources: {requests: {cpu: REQUEST, memory: 64Mi}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 12
  metrics:
  - type: Resource
    resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}
"""


def scaler(cluster: Cluster) -> AutoscalerController:
    found = cluster.controllers["horizontal-pod-autoscaler"]
    assert isinstance(found, AutoscalerController)
    return found


def test_what_the_kernels_count_is_the_load() -> None:
    """And the few system calls that each request takes."""
    cluster = Cluster(nodes=2)
    cluster.apply(WEB.replace("REQUEST", "400m"))
    Work(cluster, "web", shapes.constant(300))
    cluster.run(60)
    used = [scaler(cluster).metrics.cpu(pod) for pod in cluster.pods("web")]
    assert len(used) == 2 and all(one and 150 <= one.value <= 156 for one in used)


def test_a_spike_brings_pods_and_its_end_takes_them_away() -> None:
    cluster = Cluster(nodes=3)
    cluster.apply(WEB.replace("REQUEST", "100m"))
    Work(cluster, "web", shapes.step(40, 400, 60, 240))
    cluster.run(60)
    assert len(cluster.pods("web")) == 2
    cluster.run(240)
    assert 8 <= len(cluster.ready("web")) <= 10  # 400 / 50
    grown = len(cluster.pods("web"))
    cluster.run(240 + 295)
    assert len(cluster.pods("web")) == grown  # the window of 300 s
    cluster.run(240 + 360)
    assert len(cluster.pods("web")) == 2
    assert cluster.trace.where(name="SuccessfulRescale")


def test_without_a_request_it_says_so_and_does_nothing() -> None:
    cluster = Cluster(nodes=3)
    cluster.apply(WEB.replace("{cpu: REQUEST, memory: 64Mi}", "{memory: 64Mi}"))
    Work(cluster, "web", shapes.constant(400))
    cluster.run(90)
    assert len(cluster.pods("web")) == 2
    event = cluster.trace.where(name="FailedGetResourceMetric").events[-1]
    assert "request" in event.details["message"]


def test_a_stopped_autoscaler_leaves_the_number_as_it_is() -> None:
    cluster = Cluster(nodes=3)
    cluster.apply(WEB.replace("REQUEST", "100m"))
    Work(cluster, "web", shapes.step(40, 400, 30))
    cluster.stop_controller("horizontal-pod-autoscaler")
    cluster.run(120)
    assert len(cluster.pods("web")) == 2
    cluster.start_controller("horizontal-pod-autoscaler")
    cluster.run(200)
    assert len(cluster.pods("web")) >= 8


def test_pending_pods_bring_nodes_after_their_boot() -> None:
    """A node of this kind has room for two pods; when the load is over, all but one go back."""
    cluster = Cluster(nodes=[])
    group = NodeGroup(node("pool", "250m", "8Gi"), low=1, high=4, boot=60_000)
    nodes = autoscale_nodes(cluster, group, unneeded=60_000, after_adding=60_000)
    cluster.apply(WEB.replace("REQUEST", "100m"))
    Work(cluster, "web", shapes.step(20, 300, 60, 240))
    cluster.run(60)
    assert list(cluster.kubelets) == ["pool-1"]
    cluster.run(240)
    ordered, plan = nodes.plans[0]
    assert plan.add and 60_000 < ordered <= 90_000
    joined = [one.metadata.created for one in cluster.store.all(Node)]
    assert joined[1] == ordered + 60_000
    assert len(cluster.ready("web")) >= 6 and 3 <= len(cluster.kubelets) <= 4
    cluster.run(900)
    assert len(cluster.ready("web")) == 2 and len(cluster.kubelets) == 1
