"""Deployments and the replica sets that they make: how many pods, and of which template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lab_kernel.cloud_native.objects.fields import Count, IntOrPercent, kept
from lab_kernel.cloud_native.objects.meta import Metadata, Selector
from lab_kernel.cloud_native.objects.pods import Template


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaSetSpec:
    selector: Selector
    template: Template
    replicas: Count = 1
    min_ready_seconds: Count = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaSetStatus:
    """How many pods there are, how many of them are ready, and ready for long enough."""

    replicas: int = 0
    ready: int = 0
    available: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplicaSet:
    metadata: Metadata
    spec: ReplicaSetSpec
    status: ReplicaSetStatus = kept(ReplicaSetStatus())


@dataclass(frozen=True, slots=True, kw_only=True)
class RollingUpdate:
    """How many pods more than wanted there may be, and how many fewer available ones."""

    max_surge: IntOrPercent = IntOrPercent(25, percent=True)
    max_unavailable: IntOrPercent = IntOrPercent(25, percent=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    type: Literal["RollingUpdate", "Recreate"] = "RollingUpdate"
    rolling_update: RollingUpdate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentSpec:
    selector: Selector
    template: Template
    replicas: Count = 1
    strategy: Strategy = Strategy()
    min_ready_seconds: Count = 0
    revision_history_limit: Count = 10
    progress_deadline_seconds: Count = 600
    paused: bool = False

    def surge(self) -> int:
        """``maxSurge`` in pods: a share is rounded up."""
        return self._rolling().max_surge.of(self.replicas, round_up=True)

    def unavailable(self) -> int:
        """``maxUnavailable`` in pods: rounded down, and 1 if both came to nothing."""
        few = self._rolling().max_unavailable.of(self.replicas, round_up=False)
        return few if few or self.surge() else 1

    def _rolling(self) -> RollingUpdate:
        return self.strategy.rolling_update or RollingUpdate()


@dataclass(frozen=True, slots=True, kw_only=True)
class DeploymentStatus:
    """``progressing`` is the condition of that name; ``progressed`` when it last got on, in ms."""

    observed_generation: int = 0
    revision: int = 0
    replicas: int = 0
    updated: int = 0
    ready: int = 0
    available: int = 0
    progressing: Literal["", "ReplicaSetUpdated", "NewReplicaSetAvailable",
                         "ProgressDeadlineExceeded"] = ""  # fmt: skip
    progressed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    metadata: Metadata
    spec: DeploymentSpec
    status: DeploymentStatus = kept(DeploymentStatus())
