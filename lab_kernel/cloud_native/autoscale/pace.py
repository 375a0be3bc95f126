"""How fast a recommendation may be followed: stabilization windows, policies, minimum and maximum.

A window makes the autoscaler hesitate: down only as far as the highest recommendation of the last
300 s, up only as far as the lowest within its own window (0 s: at once). Policies limit the change
within a period, counted from what was changed in it.

Source: Kubernetes documentation, "Configurable scaling behavior", and
``pkg/controller/podautoscaler/horizontal.go``. Times are in milliseconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from lab_kernel.cloud_native.objects.scaling import Behavior, ScalingPolicy, ScalingRules

SECOND = 1000
UP = ScalingRules(
    stabilization_window_seconds=0,
    policies=(
        ScalingPolicy(type="Pods", value=4, period_seconds=15),
        ScalingPolicy(type="Percent", value=100, period_seconds=15),
    ),
)
DOWN = ScalingRules(
    stabilization_window_seconds=300,
    policies=(ScalingPolicy(type="Percent", value=100, period_seconds=15),),
)


@dataclass(frozen=True, slots=True)
class Pace:
    """Where a recommendation ended up, and what held it: ``stabilized`` by a window, ``limited`` by
    a policy, ``bounded`` by minimum or maximum, or nothing."""

    replicas: int
    held: str = ""


@dataclass
class Memory:
    """What was recommended (time, replicas) and what was changed (time, by how many)."""

    recommended: list[tuple[int, int]] = field(default_factory=list)
    changed: list[tuple[int, int]] = field(default_factory=list)

    def follow(
        self, now: int, current: int, wanted: int, low: int, high: int, behavior: Behavior
    ) -> Pace:
        """The number of replicas to have now; remembers it."""
        up, down = filled(behavior.scale_up, UP), filled(behavior.scale_down, DOWN)
        steady = self._stabilized(now, current, wanted, up, down)
        allowed = steady
        if steady > current:
            allowed = min(steady, max(current, self._most(now, current, up)), max(high, current))
        elif steady < current:
            allowed = max(steady, min(current, self._least(now, current, down)), min(low, current))
        if allowed != current:
            self.changed.append((now, allowed - current))
        longest = max(one.period_seconds for one in (*up.policies, *down.policies)) * SECOND
        self.changed = [one for one in self.changed if one[0] > now - longest]
        if allowed == wanted:
            return Pace(allowed)
        if allowed == steady:
            return Pace(allowed, "stabilized")
        return Pace(allowed, "bounded" if allowed in (low, high) else "limited")

    def _stabilized(
        self, now: int, current: int, wanted: int, up: ScalingRules, down: ScalingRules
    ) -> int:
        windows = [(one.stabilization_window_seconds or 0) * SECOND for one in (up, down)]
        self.recommended = [one for one in self.recommended if one[0] > now - max(windows)]
        lowest = min(
            [wanted, *(asked for time, asked in self.recommended if time > now - windows[0])]
        )
        highest = max(
            [wanted, *(asked for time, asked in self.recommended if time > now - windows[1])]
        )
        self.recommended.append((now, wanted))
        return min(max(current, lowest), highest)

    def _most(self, now: int, current: int, rules: ScalingRules) -> int:
        """The greatest number that the policies for the way up allow."""
        if rules.select_policy == "Disabled":
            return current
        allowed = []
        for policy in rules.policies:
            start = current - self._since(now, policy)
            if policy.type == "Pods":
                allowed.append(start + policy.value)
            else:
                allowed.append(-(-start * (100 + policy.value) // 100))
        return min(allowed) if rules.select_policy == "Min" else max(allowed)

    def _least(self, now: int, current: int, rules: ScalingRules) -> int:
        """The smallest number that the policies for the way down allow."""
        if rules.select_policy == "Disabled":
            return current
        allowed = []
        for policy in rules.policies:
            start = current - self._since(now, policy)
            if policy.type == "Pods":
                allowed.append(start - policy.value)
            else:
                allowed.append(math.trunc(start * (100 - policy.value) / 100))
        return max(allowed) if rules.select_policy == "Min" else min(allowed)

    def _since(self, now: int, policy: ScalingPolicy) -> int:
        """How many replicas more there are than at the beginning of the policy's period."""
        start = now - policy.period_seconds * SECOND
        return sum(by for time, by in self.changed if time > start)


def filled(rules: ScalingRules | None, default: ScalingRules) -> ScalingRules:
    """The rules of one direction with the defaults for what is not given."""
    if rules is None:
        return default
    window = rules.stabilization_window_seconds
    return ScalingRules(
        stabilization_window_seconds=(
            default.stabilization_window_seconds if window is None else window
        ),
        select_policy=rules.select_policy,
        policies=rules.policies or default.policies,
        tolerance=rules.tolerance,
    )
