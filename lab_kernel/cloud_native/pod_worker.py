"""A pod on its node: its containers, its probes, its end, and what is reported of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from lab_kernel.cloud_native.behaviour import behaviour
from lab_kernel.cloud_native.container import ContainerRun
from lab_kernel.cloud_native.objects import ConfigMap, Container, Pod, PodStatus
from lab_kernel.cloud_native.probes import Prober

if TYPE_CHECKING:
    from lab_kernel.cloud_native.kubelet import Kubelet


Phase = Literal["Pending", "Running", "Succeeded", "Failed"]


class PodWorker:
    """Runs one pod. ``stopping`` once it is to end; ``over`` when nothing of it runs any more."""

    def __init__(self, kubelet: Kubelet, pod: Pod) -> None:
        self.kubelet, self.pod = kubelet, pod
        self.host, self.clock = kubelet.host, kubelet.host.clock
        self.does = behaviour(pod.metadata.annotations)
        self.stopping = False
        self.began = self.clock.now
        self._ready_since: int | None = None
        self._row = f"{self.host.name}/{pod.metadata.name}"
        before = {each.name: each.restarts for each in pod.status.containers}
        self.runs = [ContainerRun(self, each) for each in pod.spec.containers]
        for run in self.runs:
            if pod.status.started is not None:  # it ran before the node's restart
                restarts = before.get(run.spec.name, 0) + 1
                run.status = replace(run.status, restarts=restarts)
        self.changed()
        for run in self.runs:
            run.begin()

    def stop(self) -> None:
        """End all its containers within the grace period of the pod."""
        if self.stopping:
            return
        self.stopping = True
        grace = self.pod.spec.termination_grace_period_seconds * 1000
        for run in self.runs:
            run.stop("Stopped", f"Stopping container {run.spec.name}", grace)
        self.changed()

    @property
    def over(self) -> bool:
        return self.stopping and not any(run.running for run in self.runs)

    def restarts(self, code: int) -> bool:
        """Whether a container that ended with this code is started again."""
        policy = self.pod.spec.restart_policy
        return policy == "Always" or (policy == "OnFailure" and code != 0)

    def missing_settings(self, container: Container) -> str:
        """The name of a ConfigMap that it needs and that is not there."""
        namespace = self.pod.metadata.namespace
        wanted: list[tuple[str, str | None]] = [
            (each.config_map_ref.name, None)
            for each in container.env_from
            if not each.config_map_ref.optional
        ]
        for env in container.env:
            ref = env.value_from and env.value_from.config_map_key_ref
            if ref and not ref.optional:
                wanted.append((ref.name, ref.key))
        for name, entry in wanted:
            found = self.kubelet.cluster.store.get(ConfigMap, f"{namespace}/{name}")
            if found is None or (entry is not None and entry not in found.data):
                return name
        return ""

    # What its containers and probes tell

    def started(self, run: ContainerRun) -> None:
        spec = run.spec
        for kind, probe in (
            ("startupProbe", spec.startup_probe),
            ("livenessProbe", spec.liveness_probe),
            ("readinessProbe", spec.readiness_probe),
        ):
            if probe is not None:
                Prober(run, kind, probe)
        if spec.readiness_probe is None and run.status.started:
            run.status = replace(run.status, ready=True)
        self.changed()

    def probed(self, run: ContainerRun, kind: str, success: bool) -> None:
        name = kind.removesuffix("Probe")
        if kind == "startupProbe" and success:
            ready = run.spec.readiness_probe is None
            run.status = replace(run.status, started=True, ready=ready)
        elif kind == "readinessProbe":
            run.status = replace(run.status, ready=success)
        elif not success:
            message = f"Container {run.spec.name} failed {name} probe, will be restarted"
            run.stop("Unhealthy", message, self.pod.spec.termination_grace_period_seconds * 1000)
        self.changed()

    def ended(self, run: ContainerRun) -> None:
        self.changed()

    def event(self, reason: str, message: str, *, warning: bool = False) -> None:
        if self.host.reachable:  # events are written to the store, too
            self.kubelet.cluster.record.event(self.pod, reason, message, warning=warning)

    # What is reported

    def changed(self) -> None:
        """Something is different: write it down, and tell the store."""
        status = self.status()
        shown = "stopping" if self.stopping else _shown(status)
        self.kubelet.cluster.record.state(self._row, "" if self.over else shown, shown)
        self.kubelet.look(self.pod)

    def status(self) -> PodStatus:
        states = [run.status for run in self.runs]
        ready = all(each.ready for each in states)
        if not ready:
            self._ready_since = None
        elif self._ready_since is None:
            self._ready_since = self.clock.now
        return PodStatus(
            phase=self._phase(),
            ip=self.kubelet.address(self.pod),
            started=self.began,
            ready=ready,
            ready_since=self._ready_since,
            containers=tuple(states),
        )

    def _phase(self) -> Phase:
        runs = [run.status for run in self.runs]
        done = [each.state == "terminated" for each in runs]
        if all(done) and not any(self.restarts(each.exit_code or 0) for each in runs):
            return "Failed" if any(each.exit_code for each in runs) else "Succeeded"
        begun = any(each.state != "waiting" or each.restarts for each in runs)
        return "Running" if begun else "Pending"


def _shown(status: PodStatus) -> str:
    """The pod's state in one word, for pictures."""
    if status.ready:
        return "ready"
    reasons = {each.reason for each in status.containers}
    if reasons & {"CrashLoopBackOff", "ImagePullBackOff", "ErrImagePull",
                  "CreateContainerConfigError"}:  # fmt: skip
        return "backoff"
    started = all(each.started and each.state == "running" for each in status.containers)
    return "unready" if started else "starting"
