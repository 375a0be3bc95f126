"""The horizontal pod autoscaler at work: reads metrics, sets the replicas of a Deployment.

What it decides is ``autoscale.HorizontalAutoscaler``; here is what it sees. It only writes a
number: making the pods is the business of others. Left out: the memory in use, so an autoscaler
by memory can say nothing; whether a pod that is not ready has ever been.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from lab_kernel.cloud_native.autoscale import Decision, HorizontalAutoscaler
from lab_kernel.cloud_native.autoscale.horizontal import INITIALIZATION, PERIOD
from lab_kernel.cloud_native.autoscale.rule import Reading, State
from lab_kernel.cloud_native.controller import Controller
from lab_kernel.cloud_native.metrics import Metrics, Sample
from lab_kernel.cloud_native.objects import Deployment, HorizontalPodAutoscaler, Pod
from lab_kernel.cloud_native.objects.scaling import Metric


class AutoscalerController(Controller):
    """``decisions`` are those taken so far: when (ms), for which autoscaler, what."""

    name, kind, resync = "horizontal-pod-autoscaler", HorizontalPodAutoscaler, PERIOD

    def __init__(self, cluster: Any) -> None:
        super().__init__(cluster)
        self.metrics = Metrics(cluster)
        self.decisions: list[tuple[int, str, Decision]] = []
        self._scalers: dict[str, HorizontalAutoscaler] = {}
        self._last: dict[str, int] = {}

    def reconcile(self, name: str) -> None:
        """Once in ``PERIOD``, however often it is asked to look."""
        asked = self.store.get(HorizontalPodAutoscaler, name)
        now = self.clock.now
        if asked is None:
            self._scalers.pop(name, None)
            self._last.pop(name, None)
            return
        target = f"{asked.metadata.namespace}/{asked.spec.scale_target_ref.name}"
        wanted = self.store.get(Deployment, target)
        rest = self._last.get(name, now - PERIOD) + PERIOD - now
        if rest > 0:
            self.enqueue(name, rest)
            return
        self._last[name] = now
        if wanted is None:
            message = f"deployments/scale.apps {target} not found"
            self.cluster.record.event(asked, "FailedGetScale", message, warning=True)
            return
        scaler = self._scalers.get(name)
        if scaler is None:
            scaler = self._scalers[name] = HorizontalAutoscaler(asked.spec)
        scaler.spec = asked.spec
        current = wanted.spec.replicas
        pods = self._pods(wanted)
        metrics = asked.spec.metrics or (None,)
        readings = [[self._reading(metric, pod) for pod in pods] for metric in metrics]
        decision = scaler.decide(now, current, readings)
        self.decisions.append((now, name, decision))
        status = replace(asked.status, current_replicas=current, desired_replicas=decision.replicas)
        if decision.replicas != current:
            spec = replace(wanted.spec, replicas=decision.replicas)
            self.store.update(replace(wanted, spec=spec))
            status = replace(status, last_scale=now)
            message = f"New size: {decision.replicas}"
            self.cluster.record.event(asked, "SuccessfulRescale", message)
        elif decision.wanted is None and decision.advice:
            why = "; ".join(one.why for one in decision.advice if one.why)
            self.cluster.record.event(asked, "FailedGetResourceMetric", why, warning=True)
        self.store.update(replace(asked, status=status))

    def restart(self) -> None:
        """What was recommended before is forgotten."""
        if not self.alive:
            self._scalers, self._last = {}, {}
        super().restart()

    def _pods(self, wanted: Deployment) -> list[Pod]:
        return [
            pod
            for pod in self.store.all(Pod)
            if pod.metadata.namespace == wanted.metadata.namespace
            and wanted.spec.selector.matches(pod.metadata.labels)
            and pod.metadata.deleted is None
            and pod.status.phase != "Failed"
        ]

    def _reading(self, metric: Metric | None, pod: Pod) -> Reading:
        if metric is not None and metric.pods is not None:
            give = self.metrics.custom.get(metric.pods.metric.name)
            value = give(pod) if give else None
            if pod.status.phase == "Pending":
                return Reading(0, None, State.UNREADY)
            return Reading(value or 0, None, State.MISSING if value is None else State.READY)
        resource = metric.resource.name if metric is not None and metric.resource else "cpu"
        asked = [each.requests().get(resource, 0) for each in pod.spec.containers]
        request = sum(asked) if all(asked) else None
        if pod.status.phase == "Pending":
            return Reading(0, request, State.UNREADY)
        sample = self.metrics.cpu(pod) if resource == "cpu" else None
        if sample is None:
            return Reading(0, request, State.MISSING)
        state = State.UNREADY if self._starting(pod, sample) else State.READY
        return Reading(sample.value, request, state)

    def _starting(self, pod: Pod, sample: Sample) -> bool:
        """In its first five minutes a pod counts only with a full round of being ready."""
        status, now = pod.status, self.clock.now
        if status.started is None or status.started + INITIALIZATION <= now:
            return status.started is None
        ready = status.ready_since
        return ready is None or sample.time < ready + self.metrics.resolution
