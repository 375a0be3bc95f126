"""Sets the replicas of a deployment to what its metrics ask for, every 15 s.

How many that is, ``autoscale`` knows; here is the loop around it, and what is measured: the CPU
time that the pods' processes have used since the last look, as their machines' kernels count it.
Until somebody measures requests (``cluster.measured``), metrics of kind Pods are missing.

Source: Kubernetes, "Horizontal Pod Autoscaling", --horizontal-pod-autoscaler-sync-period 15s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from lab_kernel.cloud_native.autoscale import Decision, HorizontalAutoscaler, Reading, State
from lab_kernel.cloud_native.autoscale.horizontal import PERIOD
from lab_kernel.cloud_native.controller import Controller
from lab_kernel.cloud_native.objects import Deployment, HorizontalPodAutoscaler, Pod, key
from lab_kernel.cloud_native.objects.scaling import AutoscalerStatus, Metric


class AutoscalerController(Controller):
    """``decisions`` are the last ones, by key."""

    name, kind, resync = "horizontal-pod-autoscaler", HorizontalPodAutoscaler, PERIOD

    def __init__(self, cluster: Any) -> None:
        self.decisions: dict[str, Decision] = {}
        self._deciding: dict[str, tuple[int, HorizontalAutoscaler]] = {}
        self._looked: dict[str, int] = {}
        self._used: dict[int, tuple[int, int]] = {}  # by uid: CPU time, and when it was read
        super().__init__(cluster)

    def reconcile(self, name: str) -> None:
        scaler = self.store.get(HorizontalPodAutoscaler, name)
        now = self.clock.now
        if scaler is None or now - self._looked.get(name, -PERIOD) < PERIOD:
            return
        self._looked[name] = now
        target = f"{scaler.metadata.namespace}/{scaler.spec.scale_target_ref.name}"
        wanted = self.store.get(Deployment, target)
        if wanted is None:
            message = f"deployments/scale.apps {target} not found"
            self.cluster.record.event(scaler, "FailedGetScale", message, warning=True)
            return
        pods = self.cluster.pods(wanted.metadata.name)
        used = {pod.metadata.uid: self._cpu(pod) for pod in pods}
        metrics = scaler.spec.metrics or (None,)
        readings = [[self._reading(pod, metric, used) for pod in pods] for metric in metrics]
        decision = self._decide(name, scaler, wanted.spec.replicas, readings)
        self.decisions[name] = decision
        status = AutoscalerStatus(
            current_replicas=wanted.spec.replicas,
            desired_replicas=decision.replicas,
            last_scale=scaler.status.last_scale,
        )
        if decision.replicas != wanted.spec.replicas:
            spec = replace(wanted.spec, replicas=decision.replicas)
            self.store.update(replace(wanted, spec=spec))
            message = f"New size: {decision.replicas}"
            self.cluster.record.event(scaler, "SuccessfulRescale", message)
            status = replace(status, last_scale=now)
        self.store.update(replace(scaler, status=status))

    def _decide(
        self,
        name: str,
        scaler: HorizontalPodAutoscaler,
        replicas: int,
        readings: Sequence[Sequence[Reading]],
    ) -> Decision:
        """By the one that remembers the last minutes; another spec is another one."""
        generation, deciding = self._deciding.get(name, (0, None))
        if deciding is None or generation != scaler.metadata.generation:
            deciding = HorizontalAutoscaler(scaler.spec)
            self._deciding[name] = (scaler.metadata.generation, deciding)
        return deciding.decide(self.clock.now, replicas, readings)

    def _cpu(self, pod: Pod) -> int | None:
        """Thousandths of a CPU on average since the last look; None: nothing to go by."""
        kubelet = self.cluster.kubelets.get(pod.spec.node_name or "")
        worker = kubelet.workers.get(key(pod)) if kubelet and kubelet.host.reachable else None
        now, uid = self.clock.now, pod.metadata.uid
        if worker is None:
            self._used.pop(uid, None)
            return None
        total = worker.cpu_time()
        before, when = self._used.get(uid, (total, now))
        self._used[uid] = (total, now)
        return (total - before) * 1000 // (now - when) if now > when else None

    def _reading(self, pod: Pod, metric: Metric | None, used: dict[int, int | None]) -> Reading:
        """What is known of one pod for one metric (None: CPU, the default)."""
        if metric is not None and metric.pods is not None:
            value = self.cluster.measured(pod, metric.pods.metric.name)
            request = None
        else:
            resource = metric.resource if metric else None
            name = resource.name if resource else "cpu"
            value = used[pod.metadata.uid] if name == "cpu" else None
            request = pod.spec.requests().get(name)
        if not pod.status.ready:
            return Reading(value or 0, request, State.UNREADY)
        if value is None:
            return Reading(0, request, State.MISSING)
        return Reading(value, request)
