"""Containers, probes and pods: what runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lab_kernel.cloud_native.objects.fields import (
    Count,
    Label,
    Port,
    Positive,
    Quantities,
    Subdomain,
    empty,
    kept,
)
from lab_kernel.cloud_native.objects.meta import Metadata, TemplateMetadata
from lab_kernel.cloud_native.objects.placing import Affinity, Spread, Toleration


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpGet:
    port: int | str
    path: str = "/"
    scheme: Literal["HTTP", "HTTPS"] = "HTTP"


@dataclass(frozen=True, slots=True, kw_only=True)
class TcpSocket:
    port: int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Exec:
    command: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SleepAction:
    seconds: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A question put to a container again and again. Exactly one of the three ways to ask."""

    http_get: HttpGet | None = None
    tcp_socket: TcpSocket | None = None
    exec: Exec | None = None
    initial_delay_seconds: Count = 0
    period_seconds: Positive = 10
    timeout_seconds: Positive = 1
    success_threshold: Positive = 1
    failure_threshold: Positive = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerPort:
    container_port: Port
    name: str = ""
    protocol: Literal["TCP", "UDP", "SCTP"] = "TCP"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigMapKey:
    name: Subdomain
    key: str
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueFrom:
    config_map_key_ref: ConfigMapKey


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvVar:
    name: str
    value: str | None = None
    value_from: ValueFrom | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigMapRef:
    name: Subdomain
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvFrom:
    config_map_ref: ConfigMapRef
    prefix: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """``requests`` is what the scheduler sets aside, ``limits`` what the kernel enforces."""

    requests: Quantities = empty()
    limits: Quantities = empty()


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    exec: Exec | None = None
    sleep: SleepAction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    pre_stop: Handler | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    name: Label
    image: str
    image_pull_policy: Literal["Always", "IfNotPresent", "Never"] | None = None
    command: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    env: tuple[EnvVar, ...] = ()
    env_from: tuple[EnvFrom, ...] = ()
    ports: tuple[ContainerPort, ...] = ()
    resources: Resources = Resources()
    startup_probe: Probe | None = None
    readiness_probe: Probe | None = None
    liveness_probe: Probe | None = None
    lifecycle: Lifecycle | None = None

    def requests(self) -> Mapping[str, int]:
        """A limit without a request is a request, too."""
        return {**self.resources.limits, **self.resources.requests}


@dataclass(frozen=True, slots=True, kw_only=True)
class PodSpec:
    containers: tuple[Container, ...]
    restart_policy: Literal["Always", "OnFailure", "Never"] = "Always"
    termination_grace_period_seconds: Count = 30
    node_name: Subdomain | None = None
    node_selector: Mapping[str, str] = empty()
    affinity: Affinity | None = None
    tolerations: tuple[Toleration, ...] = ()
    topology_spread_constraints: tuple[Spread, ...] = ()

    def requests(self) -> dict[str, int]:
        """What all its containers ask for."""
        total: dict[str, int] = {}
        for container in self.containers:
            for resource, amount in container.requests().items():
                total[resource] = total.get(resource, 0) + amount
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """What a controller makes pods from."""

    spec: PodSpec
    metadata: TemplateMetadata = TemplateMetadata()


@dataclass(frozen=True, slots=True, kw_only=True)
class ContainerStatus:
    """``state`` with its ``reason`` (``CrashLoopBackOff``), ``since`` in ms.

    ``exit_code`` and ``last_reason`` tell how it ended before; ``restarts`` how often it was
    started again.
    """

    name: str
    state: Literal["waiting", "running", "terminated"] = "waiting"
    reason: str = "ContainerCreating"
    since: int = 0
    started: bool = False
    ready: bool = False
    restarts: int = 0
    exit_code: int | None = None
    last_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PodStatus:
    """``ready`` is the condition Ready, ``ready_since`` when it last became true, in ms.

    ``message`` says why a pod is not scheduled.
    """

    phase: Literal["Pending", "Running", "Succeeded", "Failed"] = "Pending"
    reason: str = ""
    message: str = ""
    ip: str = ""
    started: int | None = None
    ready: bool = False
    ready_since: int | None = None
    containers: tuple[ContainerStatus, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pod:
    metadata: Metadata
    spec: PodSpec
    status: PodStatus = kept(PodStatus())

    @property
    def over(self) -> bool:
        """It has run to its end and will not run again."""
        return self.status.phase in ("Succeeded", "Failed")
