"""An autoscaler in one line, for labs and pictures."""

from __future__ import annotations

from lab_kernel.cloud_native.objects.scaling import (
    AutoscalerSpec,
    Behavior,
    Metric,
    ResourceMetric,
    ScaleTarget,
    ScalingRules,
    Target,
)


def by_cpu(
    target: int, low: int = 4, high: int = 40, window: int = 300, tolerance: int = 10
) -> AutoscalerSpec:
    """``target`` and ``tolerance`` in percent, ``window`` for the way down in seconds."""
    share = Target(type="Utilization", average_utilization=target)
    edge = tolerance * 10
    return AutoscalerSpec(
        scale_target_ref=ScaleTarget(kind="Deployment", name="web"),
        min_replicas=low,
        max_replicas=high,
        metrics=(Metric(type="Resource", resource=ResourceMetric(name="cpu", target=share)),),
        behavior=Behavior(
            scale_up=ScalingRules(tolerance=edge),
            scale_down=ScalingRules(stabilization_window_seconds=window, tolerance=edge),
        ),
    )
