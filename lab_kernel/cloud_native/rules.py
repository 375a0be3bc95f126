"""What must hold between the fields of a manifest.

Source: the Kubernetes API server's validation (pkg/apis/apps/validation, core/validation,
autoscaling/validation) and the API reference. Each rule yields the path of the field that is to
be changed, and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lab_kernel.cloud_native.behaviour import behaviour
from lab_kernel.cloud_native.objects import (
    ConfigMap,
    Container,
    Deployment,
    HorizontalPodAutoscaler,
    Pod,
    PodSpec,
    Probe,
    Selector,
    Service,
)
from lab_kernel.cloud_native.objects.scaling import Metric
from lab_kernel.errors import BadInput
from lab_kernel.language import _

Wrong = Iterator[tuple[str, str]]
_PART = r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
_KEY = re.compile(rf"([a-z0-9]([-a-z0-9.]{{0,251}}[a-z0-9])?/)?{_PART}")
_VALUE = re.compile(rf"({_PART})?")
_PORT_NAME = re.compile(r"(?=.*[a-z])[a-z0-9]([a-z0-9]|-(?=[a-z0-9])){0,14}")


def check(thing: Any) -> Wrong:
    """Every rule that this object breaks."""
    yield from _labels(thing.metadata.labels, "metadata.labels")
    if isinstance(thing, Deployment):
        yield from _deployment(thing)
    elif isinstance(thing, Pod):
        yield from _pod(thing.spec, "spec")
        yield from _behaviour(thing.metadata.annotations, "metadata")
    elif isinstance(thing, Service):
        yield from _service(thing)
    elif isinstance(thing, HorizontalPodAutoscaler):
        yield from _autoscaler(thing)
    elif isinstance(thing, ConfigMap):
        for key in thing.data:
            if not re.fullmatch(r"[-._a-zA-Z0-9]{1,253}", key):
                yield f"data.{key}", _("a key has letters, digits, -, _ and . only")


def _labels(labels: Mapping[str, str], path: str) -> Wrong:
    for key, value in labels.items():
        if not _KEY.fullmatch(key):
            yield f"{path}.{key}", _("“{key}” is no name of a label").format(key=key)
        if not _VALUE.fullmatch(value):
            message = _("“{value}” is no value of a label: letters, digits, -, _ and ., at most 63")
            yield f"{path}.{key}", message.format(value=value)


def _deployment(thing: Deployment) -> Wrong:
    spec = thing.spec
    if not spec.selector.match_labels and not spec.selector.match_expressions:
        yield "spec.selector", _("it is empty; it must select the pods of the template")
    elif not spec.selector.matches(spec.template.metadata.labels):
        yield "spec.template.metadata.labels", _("spec.selector does not match them")
    yield from _selector(spec.selector, "spec.selector")
    yield from _labels(spec.template.metadata.labels, "spec.template.metadata.labels")
    rolling = spec.strategy.rolling_update
    if rolling and spec.strategy.type == "Recreate":
        yield "spec.strategy.rollingUpdate", _("not with the strategy Recreate")
    elif rolling:
        if rolling.max_unavailable.percent and rolling.max_unavailable.number > 100:
            yield "spec.strategy.rollingUpdate.maxUnavailable", _("more than 100%")
        if rolling.max_surge.number == rolling.max_unavailable.number == 0:
            message = _("0, and maxSurge is 0, too: then no pod could ever be replaced")
            yield "spec.strategy.rollingUpdate.maxUnavailable", message
    if spec.progress_deadline_seconds <= spec.min_ready_seconds:
        yield "spec.progressDeadlineSeconds", _("it must be greater than minReadySeconds")
    if spec.template.spec.restart_policy != "Always":
        yield "spec.template.spec.restartPolicy", _("only Always is possible in a Deployment")
    yield from _pod(spec.template.spec, "spec.template.spec")
    yield from _behaviour(spec.template.metadata.annotations, "spec.template.metadata")


def _selector(selector: Selector, path: str) -> Wrong:
    for number, each in enumerate(selector.match_expressions):
        wants = each.operator in ("In", "NotIn")
        if wants != bool(each.values):
            message = _("{operator} takes values") if wants else _("{operator} takes no values")
            at = f"{path}.matchExpressions[{number}].values"
            yield at, message.format(operator=each.operator)


def _behaviour(annotations: Mapping[str, str], path: str) -> Wrong:
    try:
        behaviour(annotations)
    except BadInput as error:
        yield f"{path}.annotations.{error.argument}", error.message


def _pod(spec: PodSpec, path: str) -> Wrong:
    if not spec.containers:
        yield f"{path}.containers", _("a pod has at least one container")
    yield from _twice([each.name for each in spec.containers], f"{path}.containers")
    for number, each in enumerate(spec.containers):
        yield from _container(each, f"{path}.containers[{number}]")
    for number, toleration in enumerate(spec.tolerations):
        at = f"{path}.tolerations[{number}]"
        if not toleration.key and toleration.operator == "Equal":
            yield f"{at}.operator", _("without a key it must be Exists")
        if toleration.operator == "Exists" and toleration.value:
            yield f"{at}.value", _("not with the operator Exists")
        if toleration.toleration_seconds is not None and toleration.effect != "NoExecute":
            yield f"{at}.effect", _("tolerationSeconds goes with NoExecute")


def _twice(names: Sequence[str], path: str, field: str = "name") -> Wrong:
    for number, name in enumerate(names):
        if name and name in names[:number]:
            yield f"{path}[{number}].{field}", _("“{name}” is there twice").format(name=name)


def _container(container: Container, path: str) -> Wrong:
    if not container.image or container.image != container.image.strip():
        yield f"{path}.image", _("the name of an image is wanted")
    yield from _twice([each.name for each in container.ports], f"{path}.ports")
    for number, port in enumerate(container.ports):
        if port.name and not _PORT_NAME.fullmatch(port.name):
            message = _("“{name}” is no name of a port: at most 15 small letters, digits and -")
            yield f"{path}.ports[{number}].name", message.format(name=port.name)
    for kind in ("requests", "limits"):
        for resource in getattr(container.resources, kind):
            if resource not in ("cpu", "memory", "ephemeral-storage") and "/" not in resource:
                message = _("there is no such resource; cpu, memory, or example.com/thing")
                yield f"{path}.resources.{kind}.{resource}", message
    for resource, amount in container.resources.requests.items():
        if amount > container.resources.limits.get(resource, amount):
            at = f"{path}.resources.requests.{resource}"
            yield at, _("it must not be greater than the limit")
    for number, env in enumerate(container.env):
        if not env.name or "=" in env.name:
            yield f"{path}.env[{number}].name", _("the name of a variable is wanted, without =")
        if env.value and env.value_from:
            yield f"{path}.env[{number}].valueFrom", _("not together with value")
    ports = {each.name for each in container.ports}
    for name in ("startupProbe", "readinessProbe", "livenessProbe"):
        probe = getattr(container, name.replace("Probe", "_probe"))
        if probe is not None:
            yield from _probe(probe, f"{path}.{name}", ports)
    stop = container.lifecycle and container.lifecycle.pre_stop
    if stop and (stop.exec is None) == (stop.sleep is None):
        yield f"{path}.lifecycle.preStop", _("exactly one of: {names}").format(names="exec, sleep")


def _probe(probe: Probe, path: str, ports: set[str]) -> Wrong:
    ways = [each for each in (probe.http_get, probe.tcp_socket, probe.exec) if each is not None]
    if len(ways) != 1:
        names = "httpGet, tcpSocket, exec"
        yield path, _("exactly one of: {names}").format(names=names)
    for way, name in ((probe.http_get, "httpGet"), (probe.tcp_socket, "tcpSocket")):
        if way is None:
            continue
        if isinstance(way.port, int) and not 1 <= way.port <= 65535:
            yield f"{path}.{name}.port", _("a port is a number from 1 to 65535")
        elif isinstance(way.port, str) and way.port not in ports:
            message = _("the container has no port named “{name}”")
            yield f"{path}.{name}.port", message.format(name=way.port)
    if probe.success_threshold != 1 and not path.endswith("readinessProbe"):
        yield f"{path}.successThreshold", _("it must be 1 here")


def _service(thing: Service) -> Wrong:
    yield from _labels(thing.spec.selector, "spec.selector")
    ports = thing.spec.ports
    if not ports and thing.spec.cluster_ip != "None":
        yield "spec.ports", _("a service has at least one port")
    if len(ports) > 1:
        for number, port in enumerate(ports):
            if not port.name:
                yield f"spec.ports[{number}].name", _("required, as there are several ports")
    yield from _twice([each.name for each in ports], "spec.ports")
    if len(thing.metadata.name) > 63 or not re.fullmatch("[a-z]([-a-z0-9]*[a-z0-9])?",
                                                         thing.metadata.name):  # fmt: skip
        message = _(
            "a service's name begins with a letter, has small letters, digits and -, at most 63"
        )
        yield "metadata.name", message


def _autoscaler(thing: HorizontalPodAutoscaler) -> Wrong:
    spec = thing.spec
    if spec.min_replicas > spec.max_replicas:
        yield "spec.maxReplicas", _("it must not be less than minReplicas")
    if spec.min_replicas < 1:
        yield "spec.minReplicas", _("it must be at least 1")
    for number, metric in enumerate(spec.metrics):
        yield from _metric(metric, f"spec.metrics[{number}]")


def _metric(metric: Metric, path: str) -> Wrong:
    name = metric.type.lower()
    if getattr(metric, name) is None:
        yield path, _("type {type} needs the field {name}").format(type=metric.type, name=name)
        return
    other = "pods" if name == "resource" else "resource"
    if getattr(metric, other) is not None:
        yield f"{path}.{other}", _("not with the type {type}").format(type=metric.type)
    target = getattr(metric, name).target
    if target.type == "Utilization":
        if name == "pods":
            yield f"{path}.pods.target.type", _("only AverageValue is possible here")
        elif target.average_utilization is None or target.average_value is not None:
            yield f"{path}.{name}.target", _("it needs averageUtilization alone")
    elif not target.average_value or target.average_utilization is not None:
        yield f"{path}.{name}.target", _("it needs averageValue alone, and more than 0")
