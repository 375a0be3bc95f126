"""Spans as OpenTelemetry's protocol writes them in JSON, and back.

    json.dump(to_otlp(system.trace), file)

is the body of a POST to ``/v1/traces`` of any collector. It follows the specification to the
letter: field names in lowerCamelCase, trace and span ids in hex (not base64 as elsewhere in
Protobuf's JSON), 64-bit integers as strings, enumerations as numbers.

Source: OpenTelemetry, "OTLP Specification", JSON Protobuf Encoding; "Semantic conventions for HTTP
spans" (stable) for names, attributes and statuses; "Service" and "Kubernetes" for the resource.
Every service has one operation, ``GET /SERVICE``. What is ours alone has the prefix ``lab.``. Left
out: events, links, trace state and dropped counts, which we do not have.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import lab_kernel
from lab_kernel.cloud_native.network import NAMES
from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.microservices.spans import TRACK
from lab_kernel.trace import Event, Trace

EPOCH = 1_767_225_600_000_000_000  # ns: the simulated clock begins with 2026, in UTC
MS, US = 1_000_000, 1_000  # ns
KINDS = {"internal": 1, "server": 2, "client": 3}
STATUS_ERROR = 2


def to_otlp(trace: Trace, per_ms: int = 1) -> dict[str, Any]:
    """All spans of the Trace, which has ``per_ms`` ticks in a ms; a resource for each pod."""
    pods: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for event in trace.where(lambda e: e.track.startswith(TRACK)):
        pod = (event.track.removeprefix(TRACK), event.details.get("pod", ""))
        pods.setdefault(pod, []).append(_span(event, MS // per_ms))
    scope = {"name": "lab_kernel", "version": lab_kernel.__version__}
    return {
        "resourceSpans": [
            {
                "resource": {"attributes": attributes(_resource(service, pod))},
                "scopeSpans": [{"scope": scope, "spans": spans}],
            }
            for (service, pod), spans in pods.items()
        ]
    }


def _resource(service: str, pod: str) -> dict[str, str | int]:
    found: dict[str, str | int] = {"service.name": service}
    if pod and pod != service:
        found |= {"service.instance.id": pod, "k8s.pod.name": pod}
    return found


def _span(event: Event, tick: int) -> dict[str, Any]:
    details, kind = event.details, event.kind
    span = {
        "traceId": details["trace"],
        "spanId": details["span"],
        "parentSpanId": details["parent"],
        "name": f"GET /{event.name}" if kind == "server" else "GET",
        "kind": KINDS[kind],
        "startTimeUnixNano": str(EPOCH + event.time * tick),
        "endTimeUnixNano": str(EPOCH + (event.time + event.duration) * tick),
        "attributes": attributes(_http(event.name, kind, details)),
    }
    status = details.get("status")
    if status is not None and not 100 <= status < (400 if kind == "client" else 500):
        span["status"] = {"code": STATUS_ERROR}
    if not details["parent"]:
        del span["parentSpanId"]
    return span


def _http(service: str, kind: str, details: Mapping[str, Any]) -> dict[str, str | int]:
    """Attributes as the conventions want them of a client's or a server's span."""
    status, tries = details.get("status"), details.get("tries", 1)
    found: dict[str, str | int] = {"http.request.method": "GET", "server.address": service}
    if kind == "server":
        found |= {"url.scheme": "http", "url.path": f"/{service}", "http.route": f"/{service}"}
        found["lab.waited_ms"] = details.get("waited", 0)
    else:
        found |= {"server.port": 80, "url.full": f"http://{service}/{service}"}
        if tries > 1:
            found["http.request.resend_count"] = tries - 1
    if status is not None and status >= 100:
        found["http.response.status_code"] = status
    if status is not None and not 100 <= status < 500:
        found["error.type"] = NAMES.get(status, str(status)).replace(" ", "_")
    return found


def attributes(values: Mapping[str, str | int]) -> list[dict[str, Any]]:
    """Keys with values that say their type; an integer has 64 bits and so is a string."""
    return [
        {"key": key, "value": {"intValue": str(value)} if isinstance(value, int) else
         {"stringValue": value}}
        for key, value in values.items()
    ]  # fmt: skip


# And back

_ERRORS = {name.replace(" ", "_"): status for status, name in NAMES.items()}
_KIND_NAMES = {number: name for name, number in KINDS.items()}


def from_otlp(document: Any) -> Trace:
    """The spans in a body of OTLP/JSON, whoever wrote it, as a Trace with microseconds for ticks.

    Time counts from the first span's beginning; what is below a microsecond is cut off. Unknown
    fields are ignored, as the specification asks. BadInput says which span is wrong.
    """
    found = list(_spans(document))
    if not found:
        raise BadInput("spans", _("there is no span in it"))
    origin = min(begin for _service, _span, begin, _end in found)
    trace = Trace()
    for resource, span, begin, end in found:
        given = _values(span.get("attributes"))
        kind = _kind(span.get("kind", 1))
        details = {
            "trace": _id(span, "traceId", 32),
            "span": _id(span, "spanId", 16),
            "parent": _id(span, "parentSpanId", 16) if span.get("parentSpanId") else "",
            "pod": resource.get("service.instance.id", ""),
            **_outcome(given, span),
        }
        if kind == "server":
            details["waited"] = _count(given, "lab.waited_ms")
        if kind == "client":
            details["tries"] = _count(given, "http.request.resend_count") + 1
        trace.add(
            (begin - origin) // US,
            TRACK + str(resource.get("service.name", "unknown_service")),
            kind,
            _called(given, span),
            (end - origin) // US - (begin - origin) // US,
            **details,
        )
    return trace


def _spans(document: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any], int, int]]:
    """Each with the attributes of its resource, its beginning and its end in ns."""
    for resource_spans in _list(document, "resourceSpans"):
        resource = _values((resource_spans.get("resource") or {}).get("attributes"))
        for scope_spans in _list(resource_spans, "scopeSpans"):
            for span in _list(scope_spans, "spans"):
                begin, end = _ns(span, "startTimeUnixNano"), _ns(span, "endTimeUnixNano")
                if end < begin:
                    message = _("span {id} ends before it begins")
                    raise BadInput("spans", message.format(id=span.get("spanId")))
                yield resource, span, begin, end


def _list(holder: Any, name: str) -> Iterable[dict[str, Any]]:
    found = holder.get(name, []) if isinstance(holder, dict) else None
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise BadInput("spans", _("“{name}” is not a list of objects").format(name=name))
    return found


def _ns(span: Mapping[str, Any], name: str) -> int:
    """A time, which may be written as a string or as a number."""
    value = span.get(name)
    if not re.fullmatch(r"\d{1,20}", str(value), re.ASCII) or isinstance(value, bool):
        message = _("“{value}” is no time ({name} of span {id})")
        raise BadInput("spans", message.format(value=value, name=name, id=span.get("spanId")))
    return int(str(value))


def _id(span: Mapping[str, Any], name: str, digits: int) -> str:
    value = str(span.get(name)).lower()
    if not re.fullmatch(f"[0-9a-f]{{{digits}}}", value) or not int(value, 16):
        message = _("“{value}” is no {name}: {digits} hexadecimal digits, not all zero")
        raise BadInput("spans", message.format(value=span.get(name), name=name, digits=digits))
    return value


def _kind(value: Any) -> str:
    """A number. To write the name is forbidden, but there are programs that do."""
    name = str(value).lower().removeprefix("span_kind_")
    if isinstance(value, str) and name in KINDS:
        return name
    return _KIND_NAMES.get(value, "internal") if isinstance(value, int) else "internal"


def _values(given: Any) -> dict[str, Any]:
    """Attributes that are texts or whole numbers; others mean nothing to us."""
    found: dict[str, Any] = {}
    for each in given if isinstance(given, list) else ():
        value = each.get("value") if isinstance(each, dict) else None
        if isinstance(value, dict) and isinstance(value.get("stringValue"), str):
            found[str(each.get("key"))] = value["stringValue"]
        elif isinstance(value, dict) and re.fullmatch(r"-?\d{1,19}", str(value.get("intValue"))):
            found[str(each.get("key"))] = int(value["intValue"])
    return found


def _count(given: Mapping[str, Any], name: str) -> int:
    value = given.get(name)
    return value if isinstance(value, int) and value > 0 else 0


def _outcome(given: Mapping[str, Any], span: Mapping[str, Any]) -> dict[str, int]:
    """The status: the one of HTTP, or what stands in its place."""
    code = given.get("http.response.status_code")
    if isinstance(code, int):
        return {"status": code}
    if given.get("error.type") in _ERRORS:
        return {"status": _ERRORS[given["error.type"]]}
    status = span.get("status")
    wrong = isinstance(status, dict) and status.get("code") == STATUS_ERROR
    return {"status": 500} if wrong else {}


def _called(given: Mapping[str, Any], span: Mapping[str, Any]) -> str:
    """Whom it asks, if it says so, or its own name."""
    ours = str(span.get("name", "")).startswith("GET")
    return str(given["server.address"] if ours and "server.address" in given else span.get("name"))
