"""A horizontal pod autoscaler: every 15 s, from the metrics to a number of replicas.

``HorizontalAutoscaler`` is the decision alone: who calls it reads the metrics and sets the number.
Several metrics: the largest advice counts. If one of them cannot be had, the others may still make
the number larger, but not smaller.

Source: Kubernetes documentation, Horizontal Pod Autoscaling;
``pkg/controller/podautoscaler/horizontal.go``. Left out: object and external metrics, metrics of
single containers, scaling to zero and back (0 replicas mean: switched off).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from lab_kernel.cloud_native.autoscale.pace import Memory
from lab_kernel.cloud_native.autoscale.rule import TOLERANCE, Advice, Reading, Tolerance, advise
from lab_kernel.cloud_native.objects.scaling import (
    AutoscalerSpec,
    Behavior,
    Metric,
    ScalingRules,
    Target,
)

PERIOD = 15_000  # ms: --horizontal-pod-autoscaler-sync-period
INITIALIZATION = 300_000  # ms: --horizontal-pod-autoscaler-cpu-initialization-period
DEFAULT_CPU = 80  # percent, for an autoscaler without metrics


@dataclass(frozen=True, slots=True)
class Decision:
    """``replicas`` to have now. ``wanted`` is what the metrics asked for (None: nothing), ``held``
    what came between (see ``Pace``; "off" when there are 0 replicas), ``advice`` each metric's."""

    replicas: int
    wanted: int | None
    held: str = ""
    advice: tuple[Advice, ...] = ()


class HorizontalAutoscaler:
    """One autoscaler with its memory of the last minutes."""

    def __init__(self, spec: AutoscalerSpec) -> None:
        self.spec = spec
        self._memory = Memory()

    def decide(self, now: int, current: int, metrics: Sequence[Sequence[Reading]]) -> Decision:
        """``now`` in ms; for each metric of the spec the readings of the pods."""
        spec = self.spec
        if current == 0 and spec.min_replicas:
            return Decision(0, None, "off")
        if not spec.min_replicas <= current <= spec.max_replicas:
            inside = min(max(current, spec.min_replicas), spec.max_replicas)
            return Decision(inside, None, "bounded")
        behavior = spec.behavior or Behavior()
        tolerance = Tolerance(_tolerated(behavior.scale_down), _tolerated(behavior.scale_up))
        advice = []
        for target, readings in zip(targets(spec), metrics, strict=True):
            goal = target.average_utilization or target.average_value or 0
            share = target.type == "Utilization"
            advice.append(advise(current, readings, goal, utilization=share, tolerance=tolerance))
        said = [one.replicas for one in advice if one.replicas is not None]
        if not said or (len(said) < len(advice) and max(said) < current):
            return Decision(current, None, "", tuple(advice))
        wanted = max(said)
        pace = self._memory.follow(
            now, current, wanted, spec.min_replicas, spec.max_replicas, behavior
        )
        return Decision(pace.replicas, wanted, pace.held, tuple(advice))


def targets(spec: AutoscalerSpec) -> list[Target]:
    """What each metric is to be, in the order of the spec."""
    if not spec.metrics:
        return [Target(type="Utilization", average_utilization=DEFAULT_CPU)]
    return [_target(metric) for metric in spec.metrics]


def _target(metric: Metric) -> Target:
    source = metric.resource or metric.pods
    assert source is not None  # the manifest has been checked
    return source.target


def _tolerated(rules: ScalingRules | None) -> Fraction:
    return (
        TOLERANCE if rules is None or rules.tolerance is None else Fraction(rules.tolerance, 1000)
    )
