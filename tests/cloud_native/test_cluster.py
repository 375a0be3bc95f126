"""The cluster's figures, each held against the documentation of Kubernetes."""

from __future__ import annotations

from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest

from lab_kernel.cloud_native.cluster import Cluster
from lab_kernel.cloud_native.controllers.taint_eviction import eviction
from lab_kernel.cloud_native.host import limits
from lab_kernel.cloud_native.objects import Endpoints, Node, Pod, ReplicaSet, Resources
from lab_kernel.errors import BadInput
from lab_kernel.trace import Event

SHOP = (files("lab_kernel.cloud_native") / "examples" / "shop.yaml").read_text(encoding="utf-8")


def manifest(
    replicas: int = 3, *, strategy: str = "{}", container: str = "", notes: str = "", **spec: Any
) -> str:
    """A deployment ``web``: ``spec`` is of the deployment, ``container`` lines of YAML in flow."""
    requests = "{requests: {cpu: 500m}}"
    more = "".join(f", {name}: {value}" for name, value in spec.items())
    marks = ", ".join(f'lab-kernel/{note.split("=")[0]}: "{note.split("=")[1]}"'
                      for note in notes.split())  # fmt: skip
    return f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec: {{replicas: {replicas}, strategy: {strategy}, selector: {{matchLabels: {{app: web}}}}{more},
  template: {{metadata: {{labels: {{app: web}}, annotations: {{{marks}}}}}, spec: {{
    terminationGracePeriodSeconds: 20,
    containers: [{{name: web, image: "web:1", resources: {requests}{container}}}]}}}}}}
"""


READY = ", readinessProbe: {httpGet: {port: 80}, periodSeconds: 1}"
SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80}]}
"""


def events(cluster: Cluster, reason: str, track: str = "") -> list[Event]:
    return [e for e in cluster.record.events() if e.name == reason and e.track.startswith(track)]


def started(**settings: Any) -> Cluster:
    cluster = Cluster(3)
    cluster.apply(manifest(**settings))
    return cluster.run(30)


# Desired state


def test_a_deployment_makes_a_replica_set_that_makes_pods() -> None:
    cluster = started()
    (replica_set,) = cluster.store.all(ReplicaSet)
    assert replica_set.metadata.owner.name == "web"
    assert [pod.metadata.owner.name for pod in cluster.pods("web")] == [
        replica_set.metadata.name
    ] * 3
    assert {pod.spec.node_name for pod in cluster.pods("web")} == {"node-1", "node-2", "node-3"}
    assert cluster.converged()
    assert cluster.apply(manifest()) == ["deployment/web unchanged"]


def test_a_container_is_a_process_of_its_nodes_machine() -> None:
    cluster = started(replicas=1)
    (pod,) = cluster.pods()
    machine = cluster.hosts[pod.spec.node_name].machine
    names = [process.name for process in machine.processes.values()]
    assert any(name.endswith("-shim") for name in names)
    assert "accept" in machine.trace.counts("name") or any(
        process.reason == "accept" for process in machine.processes.values()
    )
    others = [host for name, host in cluster.hosts.items() if name != pod.spec.node_name]
    assert not any(host.booted for host in others)


def test_more_and_fewer_replicas() -> None:
    cluster = started()
    cluster.scale("web", 5)
    cluster.run(60)
    assert len(cluster.pods("web")) == 5
    assert cluster.converged()
    cluster.scale("web", 2)
    cluster.run(120)
    assert len(cluster.store.all(Pod)) == 2
    assert len(cluster.store.all(ReplicaSet)) == 1
    cluster.scale("web", 0)
    cluster.run(180)
    assert cluster.store.all(Pod) == []


def test_deleting_a_deployment_deletes_what_it_made() -> None:
    cluster = Cluster(3)
    cluster.apply(SHOP)
    cluster.run(60)
    cluster.delete("deployment", "web")
    cluster.delete("service", "catalogue")
    cluster.run(120)
    assert {pod.metadata.labels["app"] for pod in cluster.store.all(Pod)} == {"catalogue"}
    assert [each.metadata.name for each in cluster.store.all(Endpoints)] == ["web"]


def test_what_fits_nowhere_is_pending_and_says_why() -> None:
    cluster = Cluster(2, cpu="1")
    cluster.apply(manifest(5))
    cluster.run(30)
    (pending,) = [pod for pod in cluster.pods() if pod.spec.node_name is None]
    assert pending.status.phase == "Pending"
    assert pending.status.message == "0/2 nodes are available: 2 Insufficient cpu."
    assert len(events(cluster, "FailedScheduling")) == 1
    cluster.scale("web", 4)
    cluster.run(60)
    assert cluster.converged()


def test_a_pod_that_waits_gets_the_place_that_becomes_free() -> None:
    cluster = Cluster(1, cpu="1")
    cluster.apply(manifest(2))
    cluster.apply(manifest(1).replace("web", "other"))
    cluster.run(30)
    assert cluster.deployment("other").status.available == 0
    cluster.scale("web", 1)
    cluster.run(40)
    assert cluster.converged()


# Self-healing


def test_a_deleted_pod_is_replaced_at_once() -> None:
    cluster = started()
    gone = cluster.pods()[0].metadata.name
    cluster.delete_pod(gone)
    cluster.run(30.2)
    assert len(cluster.pods()) == 3
    assert gone not in {pod.metadata.name for pod in cluster.pods()}
    cluster.run(60)
    assert cluster.converged()


def test_a_crash_loop_backs_off_10_20_40_up_to_300_seconds() -> None:
    """Kubernetes, "Pod Lifecycle": 10s, 20s, 40s, ..., capped at 300 seconds."""
    cluster = Cluster(1)
    cluster.apply(manifest(1, notes="crash-after=1 start-seconds=0"))
    cluster.run(2000)
    times = [event.time for event in events(cluster, "Started")]
    gaps = [round((b - a) / 1000) for a, b in pairwise(times)]
    assert gaps == [1, 11, 21, 41, 81, 161, 301, 301, 301, 301, 301]
    (pod,) = cluster.pods()
    (container,) = pod.status.containers
    assert container.reason == "CrashLoopBackOff"
    assert container.exit_code == 1
    assert container.restarts == len(times)


def test_running_for_ten_minutes_makes_the_backoff_forgotten() -> None:
    """The same page: reset after a container has run for 10 minutes without problems."""
    cluster = Cluster(1)
    cluster.apply(manifest(1, notes="crash-after=605 start-seconds=0"))
    cluster.run(2000)
    times = [event.time for event in events(cluster, "Started")]
    assert {round((b - a) / 1000) for a, b in pairwise(times)} == {605}


@pytest.mark.parametrize(
    ("policy", "after", "phase", "starts"),
    [
        ("Never", "crash-after=5", "Failed", 1),
        ("OnFailure", "crash-after=5", "Running", 4),
        ("Always", "crash-after=5", "Running", 4),
    ],
)
def test_restart_policies(policy: str, after: str, phase: str, starts: int) -> None:
    name, _equals, value = after.partition("=")
    cluster = Cluster(1)
    cluster.apply(
        f"""
apiVersion: v1
kind: Pod
metadata: {{name: job, annotations: {{lab-kernel/{name}: "{value}"}}}}
spec: {{restartPolicy: {policy}, containers: [{{name: a, image: a}}]}}
"""
    )
    cluster.run(62)
    (pod,) = cluster.store.all(Pod)
    assert (pod.status.phase, len(events(cluster, "Started"))) == (phase, starts)


def test_a_node_that_fails_is_missed_after_40_s_and_its_pods_replaced_300_s_later() -> None:
    """Kubernetes, "Nodes" and "Taints and Tolerations": --node-monitor-grace-period 40s, checked
    every 5 s, heartbeat every 10 s; tolerationSeconds 300."""
    cluster = started()
    cluster.apply(SERVICE)
    cluster.run(60)
    node = cluster.pods()[0].spec.node_name
    cluster.fail_node(node)
    cluster.run(89)
    assert len(cluster.ready("web")) == 3  # nobody knows yet
    cluster.run(106)
    (missed,) = events(cluster, "NodeNotReady", "node/")
    assert 60_000 + 30_000 <= missed.time <= 60_000 + 45_000
    assert len(cluster.ready("web")) == 2  # no traffic any more, but no new pod either
    assert len(cluster.pods()) == 3
    cluster.run(600)
    (evicted,) = events(cluster, "TaintManagerEviction")
    assert evicted.time - missed.time == 300_000
    assert cluster.converged()
    assert len(cluster.ready("web")) == 3
    # The old pod's object stays until its node says that it has ended.
    assert [pod.metadata.deleted is not None for pod in cluster.store.on(node)] == [True]
    cluster.restore_node(node)
    cluster.run(660)
    assert cluster.store.on(node) == []
    assert len(events(cluster, "NodeReady")) == 1


def test_a_node_that_is_back_in_time_keeps_its_pods() -> None:
    cluster = started()
    node = cluster.pods()[0].spec.node_name
    before = {pod.metadata.name for pod in cluster.pods()}
    cluster.fail_node(node)
    cluster.run(200)
    cluster.restore_node(node)
    cluster.run(240)
    assert {pod.metadata.name for pod in cluster.pods()} == before
    assert cluster.converged()
    (pod,) = cluster.store.on(node)
    assert pod.status.containers[0].restarts == 1


def test_cut_off_pods_run_on_and_are_ended_when_the_network_is_back() -> None:
    cluster = started()
    node = cluster.pods()[0].spec.node_name
    cluster.partition(node)
    cluster.run(500)
    running = [worker.pod for kubelet in cluster.kubelets.values()
               for worker in kubelet.workers.values()]  # fmt: skip
    assert len(running) == 4  # more than desired: both sides go on
    assert len(cluster.pods()) == 3
    cluster.heal()
    cluster.run(530)
    assert sum(len(kubelet.workers) for kubelet in cluster.kubelets.values()) == 3
    assert cluster.store.on(node) == []


def test_who_tolerates_the_taint_for_longer_stays_longer() -> None:
    node_text = 'containers: [{name: web, image: "web:1"'
    text = manifest(1).replace(
        "containers: [",
        "tolerations: [{key: node.kubernetes.io/unreachable, operator: Exists,"
        " effect: NoExecute, tolerationSeconds: 20}], containers: [",
    )
    assert node_text in text
    cluster = Cluster(2)
    cluster.apply(text)
    cluster.run(60)
    (pod,) = cluster.pods()
    cluster.fail_node(pod.spec.node_name)
    cluster.run(130)
    assert cluster.converged()
    node = cluster.store.get(Node, f"default/{pod.spec.node_name}")
    assert eviction(pod, node) == node.spec.taints[0].added + 20_000


def test_draining_moves_everything_and_nothing_comes_back() -> None:
    cluster = started()
    cluster.drain("node-1")
    cluster.run(60)
    assert cluster.converged()
    assert "node-1" not in {pod.spec.node_name for pod in cluster.pods()}
    cluster.scale("web", 8)
    cluster.run(90)
    assert "node-1" not in {pod.spec.node_name for pod in cluster.pods()}
    cluster.cordon("node-1", on=False)
    cluster.scale("web", 12)
    cluster.run(120)
    assert "node-1" in {pod.spec.node_name for pod in cluster.pods()}


# Probes


def test_only_ready_pods_are_behind_a_service() -> None:
    cluster = Cluster(3)
    cluster.apply(SERVICE + "---" + manifest(2, container=READY, notes="start-seconds=5"))
    cluster.run(6)
    assert len(cluster.pods()) == 2
    assert cluster.ready("web") == []
    cluster.run(20)
    assert len(cluster.ready("web")) == 2


def test_a_failing_readiness_probe_takes_out_and_does_not_restart() -> None:
    """Failure threshold 3, period 1 s: out within 3 s of the first failure."""
    cluster = Cluster(1)
    cluster.apply(SERVICE + "---" + manifest(1, container=READY, notes="unready-after=30"))
    cluster.run(31)
    assert len(cluster.ready("web")) == 1
    cluster.run(37)
    assert cluster.ready("web") == []
    cluster.run(100)
    (pod,) = cluster.pods()
    assert pod.status.containers[0].restarts == 0


def test_a_failing_liveness_probe_restarts() -> None:
    """Three failures 10 s apart, each after the timeout of 1 s."""
    cluster = Cluster(1)
    alive = ", livenessProbe: {httpGet: {port: 80}, initialDelaySeconds: 5}"
    cluster.apply(manifest(1, container=alive, notes="hang-after=35 start-seconds=0"))
    cluster.run(57)
    assert events(cluster, "Killing") == []
    assert len(events(cluster, "Unhealthy")) == 2
    cluster.run(70)
    (killing,) = events(cluster, "Killing")
    assert "failed liveness probe" in killing.details["message"]
    assert len(events(cluster, "Started")) == 2


def test_a_tcp_probe_does_not_notice_that_a_program_hangs() -> None:
    cluster = Cluster(1)
    alive = ", livenessProbe: {tcpSocket: {port: 80}}"
    cluster.apply(manifest(1, container=alive, notes="hang-after=35 start-seconds=0"))
    cluster.run(200)
    assert len(events(cluster, "Started")) == 1


def test_until_the_startup_probe_succeeds_the_others_wait() -> None:
    """Factsheet: startup suspends both until it succeeds."""
    cluster = Cluster(1)
    probes = (
        ", startupProbe: {httpGet: {port: 80}, periodSeconds: 1, failureThreshold: 60}"
        ", livenessProbe: {httpGet: {port: 80}, periodSeconds: 1, failureThreshold: 1}"
    )
    cluster.apply(manifest(1, container=probes, notes="start-seconds=40"))
    cluster.run(60)
    assert cluster.converged()
    assert events(cluster, "Killing") == []
    assert not any("Liveness" in e.details["message"] for e in events(cluster, "Unhealthy"))


def test_a_startup_probe_gives_failure_threshold_times_period() -> None:
    """30 x 10 s = 300 s: what is not up by then is ended."""
    cluster = Cluster(1)
    probe = ", startupProbe: {httpGet: {port: 80}, periodSeconds: 10, failureThreshold: 30}"
    cluster.apply(manifest(1, container=probe, notes="start-seconds=1000"))
    cluster.run(400)
    begun = events(cluster, "Started")[0].time
    (killing,) = events(cluster, "Killing")
    assert killing.time - begun == 29 * 10_000  # the first question is asked at once


# The end of a container


@pytest.mark.parametrize(
    ("notes", "container", "took"),
    [
        ("stop-seconds=3", "", 3.0),  # SIGTERM is enough
        ("ignores-sigterm=true", "", 20.0),  # SIGKILL after the grace period
        ("stop-seconds=1", ", lifecycle: {preStop: {sleep: {seconds: 5}}}", 6.0),
        ("ignores-sigterm=true", ", lifecycle: {preStop: {sleep: {seconds: 60}}}", 22.0),
    ],
)
def test_termination(notes: str, container: str, took: float) -> None:
    """Kubernetes, "Pod Lifecycle": preStop runs within the grace period, then SIGTERM, and SIGKILL
    at its end; a hook that uses it up gets 2 s more."""
    cluster = started(replicas=1, notes=notes, container=container)
    (pod,) = cluster.pods()
    cluster.scale("web", 0)
    row = f"{pod.spec.node_name}/{pod.metadata.name}"
    cluster.run(60)
    (stopping,) = [e for e in cluster.trace if e.track == row and e.kind == "stopping"]
    assert stopping.duration / 1000 == pytest.approx(took, abs=0.05)


# Rolling out and back


def highest_and_lowest(cluster: Cluster, until: int) -> tuple[int, int]:
    """The most pods that exist (not being deleted) and the fewest available ones, on the way."""
    most, least = 0, 10**6
    while cluster.clock.now < until * 1000:
        cluster.run(cluster.now + 0.25)
        most = max(most, len(cluster.pods("web")))
        least = min(least, sum(pod.status.ready for pod in cluster.pods("web")))
    return most, least


@pytest.mark.parametrize(
    ("replicas", "strategy", "most", "least"),
    [
        (4, "{rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}", 5, 4),
        (4, "{rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}", 4, 3),
        (4, "{}", 5, 3),  # 25% of 4 either way
        (3, "{}", 4, 3),  # 25% of 3: up to 1, down to 0
        (4, "{rollingUpdate: {maxSurge: 100%, maxUnavailable: 0}}", 8, 4),
        (4, "{type: Recreate}", 4, 0),
    ],
)
def test_a_rolling_update_keeps_to_its_bounds(
    replicas: int, strategy: str, most: int, least: int
) -> None:
    cluster = started(replicas=replicas, strategy=strategy, container=READY)
    assert cluster.converged()
    cluster.set_image("web", "web:2")
    assert highest_and_lowest(cluster, 120) == (most, least)
    assert cluster.converged()
    assert {pod.spec.containers[0].image for pod in cluster.pods()} == {"web:2"}


def test_a_bad_image_gets_stuck_and_is_rolled_back() -> None:
    cluster = started(replicas=3, container=READY, progressDeadlineSeconds=60)
    cluster.set_image("web", "web:none", bad_image="true")
    cluster.run(60)
    reasons = [c.reason for pod in cluster.pods() for c in pod.status.containers]
    assert "ImagePullBackOff" in reasons
    assert sum(pod.status.ready for pod in cluster.pods()) == 3
    cluster.run(100)
    assert cluster.deployment("web").status.progressing == "ProgressDeadlineExceeded"
    (late,) = events(cluster, "ProgressDeadlineExceeded")
    assert late.time == pytest.approx(30_000 + 60_000, abs=200)
    assert cluster.rollout_undo("web") == 1
    cluster.run(130)
    assert cluster.converged()
    assert cluster.deployment("web").status.revision == 3
    assert sorted(cluster.history("web")) == [2, 3]  # 1 has become 3


def test_min_ready_seconds_slow_a_rollout() -> None:
    cluster = started(replicas=2, container=READY, minReadySeconds=20,
                      strategy="{rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}")  # fmt: skip
    assert cluster.run(60).converged()
    cluster.set_image("web", "web:2")
    cluster.run(60 + 35)
    assert not cluster.converged()
    cluster.run(60 + 60)
    assert cluster.converged()


def test_history_is_kept_as_long_as_the_limit_says() -> None:
    cluster = started(replicas=1, revisionHistoryLimit=2)
    for number in range(2, 7):
        cluster.set_image("web", f"web:{number}")
        cluster.run(cluster.now + 60)
    assert sorted(cluster.history("web")) == [4, 5, 6]


def test_a_paused_deployment_does_not_roll() -> None:
    cluster = started(paused="true")
    assert cluster.store.all(ReplicaSet) == []
    cluster.apply(manifest())
    cluster.run(60)
    assert cluster.converged()


# Service discovery


def test_a_name_stays_while_the_pods_behind_it_change() -> None:
    cluster = started()
    cluster.apply(SERVICE)
    cluster.run(35)
    address = cluster.resolve("web")
    assert address == cluster.resolve("web.default.svc.cluster.local") == "10.96.0.1"
    proxy = cluster.proxies["node-1"]
    before = {each.ip for each in proxy.route(address)}
    assert len(before) == 3
    for pod in cluster.pods():
        cluster.delete_pod(pod.metadata.name)
    cluster.run(60)
    assert cluster.resolve("web") == address
    after = {each.ip for each in proxy.route(address)}
    assert len(after) == 3
    assert not after & before
    cluster.apply(SERVICE)
    assert cluster.resolve("web") == address


def test_what_a_node_knows_of_endpoints_is_up_to_a_second_old() -> None:
    """kube-proxy, --iptables-min-sync-period 1s."""
    cluster = started()
    cluster.apply(SERVICE)
    cluster.run(35)
    address, proxy = cluster.resolve("web"), cluster.proxies["node-1"]
    cluster.delete_pod(cluster.pods()[0].metadata.name)
    cluster.run(35.05)  # the first news goes through at once
    assert len(proxy.route(address)) == 2
    cluster.delete_pod(cluster.pods()[0].metadata.name)
    cluster.run(35.3)
    gone = {e.ip for e in proxy.route(address)} - {e.ip for e in cluster.ready("web")}
    assert len(gone) == 1  # still sent to, and ending already
    cluster.run(37)
    assert {e.ip for e in proxy.route(address)} == {e.ip for e in cluster.ready("web")}


def test_a_node_that_is_cut_off_keeps_what_it_knew() -> None:
    cluster = started()
    cluster.apply(SERVICE)
    cluster.run(35)
    address = cluster.resolve("web")
    cluster.partition("node-2")
    cluster.scale("web", 1)
    cluster.run(60)
    assert len(cluster.proxies["node-1"].route(address)) == 1
    assert len(cluster.proxies["node-2"].route(address)) == 3
    cluster.heal()
    cluster.run(62)
    assert len(cluster.proxies["node-2"].route(address)) == 1


# Limits: the kernel's own doing


def test_the_kernel_kills_what_exceeds_its_memory_limit() -> None:
    text = manifest(1, notes="memory=64Mi grow=16Mi").replace(
        "{requests: {cpu: 500m}}", "{limits: {memory: 128Mi}}"
    )
    cluster = Cluster(1)
    cluster.apply(text)
    cluster.run(30)
    (pod,) = cluster.pods()
    (container,) = pod.status.containers
    assert (container.last_reason, container.exit_code) == ("OOMKilled", 137)
    assert container.restarts >= 1


def test_the_kernel_throttles_what_wants_more_than_its_cpu_limit() -> None:
    text = manifest(1, notes="idle-ms=900").replace(
        "{requests: {cpu: 500m}}", "{limits: {cpu: 500m}}"
    )
    cluster = Cluster(1)
    cluster.apply(text)
    cluster.run(62)
    (worker,) = cluster.kubelets["node-1"].workers.values()
    sandbox = worker.runs[0].sandbox
    assert sandbox is not None
    stat = dict(line.split() for line in sandbox.group.read("cpu.stat").splitlines())
    assert int(stat["nr_throttled"]) > 0
    ran = int(stat["usage_usec"]) / 1000 / (60_000 - 1000)
    assert ran <= 0.51  # 500m, whatever it wanted


@pytest.mark.parametrize(
    ("cpu", "weight"), [(0, "1"), (100, "4"), (250, "10"), (1000, "39"), (4000, "157")]
)
def test_cpu_weights(cpu: int, weight: str) -> None:
    """KEP-2254: 1024 shares are weight 39."""
    assert limits(Resources(requests={"cpu": cpu}))["cpu_weight"] == weight


# Settings


def test_a_container_waits_for_its_settings() -> None:
    cluster = Cluster(1)
    wants = ", envFrom: [{configMapRef: {name: shop}}]"
    cluster.apply(manifest(1, container=wants))
    cluster.run(30)
    (pod,) = cluster.pods()
    assert pod.status.containers[0].reason == "CreateContainerConfigError"
    cluster.apply("{apiVersion: v1, kind: ConfigMap, metadata: {name: shop}, data: {A: b}}")
    cluster.run(60)
    assert cluster.converged()


# Bad input


@pytest.mark.parametrize(
    ("action", "told"),
    [
        (lambda c: c.scale("wob", 1), "there is no “wob”; choose one of: web"),
        (lambda c: c.scale("web", -1), "replicas: -1 is less than 0"),
        (lambda c: c.fail_node("node-9"), "choose one of: node-1, node-2, node-3"),
        (lambda c: c.stop_controller("x"), "choose one of: deployment-controller"),
        (lambda c: c.rollout_undo("web"), "there is no such revision to go back to"),
        (lambda c: c.run(1), "until: second 1 has passed: it is 30"),
        (lambda c: Cluster(0), "nodes: 0 is not a whole number from 1 to 2000"),
        (lambda c: Cluster(1, cpu="much"), "cpu: “much” is no quantity"),
        (lambda c: c.delete("thing", "web"), "there is no “thing”"),
    ],
)
def test_bad_input(action: Any, told: str) -> None:
    with pytest.raises(BadInput) as refused:
        action(started())
    assert told in str(refused.value)


def test_the_same_seed_is_the_same_run() -> None:
    def run(seed: int) -> Any:
        cluster = Cluster(3, seed=seed)
        cluster.apply(SHOP)
        cluster.run(60)
        cluster.fail_node("node-1")
        return cluster.run(600).trace

    assert run(1) == run(1)
    assert run(1) != run(2)
