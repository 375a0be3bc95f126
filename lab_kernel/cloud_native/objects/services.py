"""Services and what is behind them, and settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lab_kernel.cloud_native.objects.fields import Port, called, empty, kept
from lab_kernel.cloud_native.objects.meta import Metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePort:
    """``target_port`` is a number or the name of a container's port; without one it is ``port``."""

    port: Port
    name: str = ""
    protocol: Literal["TCP", "UDP", "SCTP"] = "TCP"
    target_port: int | str | None = None
    node_port: Port | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSpec:
    ports: tuple[ServicePort, ...] = ()
    selector: Mapping[str, str] = empty()
    type: Literal["ClusterIP", "NodePort", "LoadBalancer"] = "ClusterIP"
    cluster_ip: str = called("clusterIP", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One name and address for all ready pods that the selector matches."""

    metadata: Metadata
    spec: ServiceSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """A pod behind a service. Only ``ready`` ones get traffic."""

    pod: str
    node: str
    ip: str
    ready: bool
    terminating: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoints:
    """The pods behind the service of the same name (an EndpointSlice in today's Kubernetes)."""

    metadata: Metadata
    endpoints: tuple[Endpoint, ...] = kept(())


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigMap:
    metadata: Metadata
    data: Mapping[str, str] = empty()
    immutable: bool = False
