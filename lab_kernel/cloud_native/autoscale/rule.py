"""The rule of the horizontal pod autoscaler: how many replicas one metric asks for.

    desired = ceil(replicas x metric / target)

and nothing while metric / target is within the tolerance of 1. What is measured is never
complete: a pod may have no metric yet, or just be starting. Such pods are left out first, and
then, if they could matter, counted so that they make the change smaller: a missing one as 100% of
its request (or the target, if that is more) on the way down and 0 on the way up, one not ready as
0 on the way up.

Kubernetes computes in floating point; here fractions are exact, so a product that is whole stays
so. Source: Kubernetes documentation, Horizontal Pod Autoscaling, "Algorithm details";
``pkg/controller/podautoscaler/replica_calculator.go``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

TOLERANCE = Fraction(1, 10)  # --horizontal-pod-autoscaler-tolerance


class State(StrEnum):
    """``READY`` counts, ``UNREADY`` is starting or not ready yet, ``MISSING`` has no metric."""

    READY = "ready"
    UNREADY = "unready"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of one pod: ``value`` and ``request`` in the same unit.

    A metric that is no share of a request (queries per second) has ``request`` None and its
    target per pod.
    """

    value: int = 0
    request: int | None = None
    state: State = State.READY


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far the ratio may be from 1, on the way down and on the way up, without any effect."""

    down: Fraction = TOLERANCE
    up: Fraction = TOLERANCE

    def covers(self, ratio: Fraction) -> bool:
        """Both edges included."""
        return 1 - self.down <= ratio <= 1 + self.up


@dataclass(frozen=True, slots=True)
class Advice:
    """``replicas`` is None if nothing can be said, and ``why`` says why not.

    ``ratio`` is metric / target, at last: with the pods that are missing or not ready.
    """

    replicas: int | None
    ratio: Fraction | None = None
    why: str = ""


NO_REQUEST = "missing request for the resource"
NO_METRICS = "no metrics of any ready pod"


def desired(
    replicas: int,
    metric: int | Fraction,
    target: int | Fraction,
    tolerance: Tolerance = Tolerance(),
) -> int:
    """The rule itself: all pods ready, all metrics there."""
    ratio = Fraction(metric) / Fraction(target)
    return replicas if tolerance.covers(ratio) else math.ceil(replicas * ratio)


def advise(
    replicas: int,
    readings: Sequence[Reading],
    target: int,
    *,
    utilization: bool = True,
    tolerance: Tolerance = Tolerance(),
) -> Advice:
    """What the metric asks for when there are ``replicas``.

    With ``utilization`` the target is a percentage of the requests, else a value per pod in the
    unit of the readings. A single pod without a request, and nothing is done at all. Pods that
    have failed or are being deleted do not belong among the readings.
    """
    if utilization and any(not one.request for one in readings):
        return Advice(None, None, NO_REQUEST)
    ready = [one for one in readings if one.state is State.READY]
    unready = [one for one in readings if one.state is State.UNREADY]
    missing = [one for one in readings if one.state is State.MISSING]
    if not ready:
        return Advice(None, None, NO_METRICS)
    ratio = _ratio(ready, target, utilization)
    counted = list(ready)
    if ratio < 1:
        for one in missing:
            full = (one.request or 0) * max(100, target) // 100 if utilization else target
            counted.append(Reading(full, one.request))
    elif ratio > 1:
        counted += [Reading(0, one.request) for one in [*missing, *unready]]
    if len(counted) == len(ready):
        stays = tolerance.covers(ratio)
        return Advice(replicas if stays else math.ceil(ratio * len(ready)), ratio)
    careful = _ratio(counted, target, utilization)
    turned = (ratio < 1 < careful) or (careful < 1 < ratio)
    wanted = math.ceil(careful * len(counted))
    backwards = (careful < 1 and wanted > replicas) or (careful > 1 and wanted < replicas)
    if tolerance.covers(careful) or turned or backwards:
        return Advice(replicas, careful)
    return Advice(wanted, careful)


def _ratio(readings: Sequence[Reading], target: int, utilization: bool) -> Fraction:
    """Metric / target. A utilization is a whole percentage, an average whole units: both are cut
    off, as there."""
    total = sum(one.value for one in readings)
    if utilization:
        return Fraction(total * 100 // sum(one.request or 0 for one in readings), target)
    return Fraction(total // len(readings), target)
