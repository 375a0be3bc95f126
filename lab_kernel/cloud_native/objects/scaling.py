"""HorizontalPodAutoscaler, autoscaling/v2: how many replicas a metric asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from lab_kernel.cloud_native.objects.fields import Count, Positive, Range, Thousandths, kept
from lab_kernel.cloud_native.objects.meta import Metadata, Selector


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """``average_utilization`` is a percentage of the requests, ``average_value`` is per pod."""

    type: Literal["Utilization", "AverageValue"]
    average_utilization: Positive | None = None
    average_value: Thousandths | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceMetric:
    name: Literal["cpu", "memory"]
    target: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricName:
    name: str
    selector: Selector | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PodsMetric:
    metric: MetricName
    target: Target


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """``resource`` or ``pods``, as ``type`` says."""

    type: Literal["Resource", "Pods"]
    resource: ResourceMetric | None = None
    pods: PodsMetric | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingPolicy:
    """At most ``value`` pods, or percent of them, in ``period_seconds``."""

    type: Literal["Pods", "Percent"]
    value: Positive
    period_seconds: Annotated[int, Range(1, 1800)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingRules:
    """None or empty stands for the default of the direction, which ``autoscale`` knows."""

    stabilization_window_seconds: Annotated[int, Range(0, 3600)] | None = None
    select_policy: Literal["Max", "Min", "Disabled"] = "Max"
    policies: tuple[ScalingPolicy, ...] = ()
    tolerance: Thousandths | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Behavior:
    scale_up: ScalingRules | None = None
    scale_down: ScalingRules | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleTarget:
    kind: Literal["Deployment"]
    name: str
    api_version: Literal["apps/v1"] = "apps/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoscalerSpec:
    scale_target_ref: ScaleTarget
    max_replicas: Positive
    min_replicas: Count = 1
    metrics: tuple[Metric, ...] = ()
    behavior: Behavior | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoscalerStatus:
    """What it last saw and last asked for; ``last_scale`` is when, in ms."""

    current_replicas: int = 0
    desired_replicas: int = 0
    last_scale: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HorizontalPodAutoscaler:
    metadata: Metadata
    spec: AutoscalerSpec
    status: AutoscalerStatus = kept(AutoscalerStatus())
