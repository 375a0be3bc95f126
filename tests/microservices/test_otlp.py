"""Spans in OpenTelemetry's JSON.

Oracles: the protocol's own types (package opentelemetry-proto, read by Protobuf's JSON parser with
the deviations that the specification names: ids in hex, enumerations as numbers), the SDK's
ReadableSpan, and the specification's example (opentelemetry-proto, examples/trace.json at commit
ca6170ef, which writes times as numbers; the specification allows both).
"""

from __future__ import annotations

import base64
import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict, ParseDict
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

from lab_kernel.errors import BadInput
from lab_kernel.microservices.calls import Asking, Call, Client, Policy
from lab_kernel.microservices.service import Service
from lab_kernel.microservices.shop import shop
from lab_kernel.microservices.spans import Context
from lab_kernel.microservices.system import System
from lab_kernel.microservices.tracing.otlp import EPOCH, from_otlp, to_otlp
from lab_kernel.microservices.tracing.tree import Node, trees
from lab_kernel.trace import Trace

EXAMPLE = json.loads(Path(__file__).with_name("otlp-example.json").read_text(encoding="utf-8"))
IDS = ("traceId", "spanId", "parentSpanId")


class Again(Policy):
    """One more try."""

    def ask(self, client: Client) -> Asking:
        status = yield from client.ask()
        return status if status == 200 else (yield from client.ask())


@pytest.fixture(scope="module")
def trace() -> Trace:
    """A request that goes well, one that a service fails, tries that time out and are refused."""
    away = Call("away", timeout=50, optional=True)
    front = Service("front", 1, calls=(Call("bad", policy=Again(), optional=True), away))
    slow = Call("slow", timeout=20, optional=True)
    rest = [Service("bad", 1, fails=1), Service("away", 1), Service("slow", 50)]
    system = System([front, Service("b", 2, calls=(slow,)), *rest, *shop()])
    system.change("away", replicas=0)
    system.run(system.now + 2)
    for name in ("shop", "front", "b"):
        system.ask(name)
    system.run(system.now + 1)
    return system.trace


def spans(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for resource in document["resourceSpans"]:
        for scope in resource["scopeSpans"]:
            yield from scope["spans"]


def parsed(document: dict[str, Any]) -> ExportTraceServiceRequest:
    """Read by Protobuf, which wants bytes in base64 where the protocol has hex."""
    document = copy.deepcopy(document)
    for span in spans(document):
        assert type(span["kind"]) is int and type(span.get("status", {}).get("code", 0)) is int
        for name in set(IDS) & set(span):
            span[name] = base64.b64encode(bytes.fromhex(span[name])).decode()
    return ParseDict(document, ExportTraceServiceRequest())


def keys(thing: Any) -> Iterator[str]:
    if isinstance(thing, dict):
        yield from thing
    for each in thing.values() if isinstance(thing, dict) else thing:
        if isinstance(each, dict | list):
            yield from keys(each)


def test_the_protocols_own_types_read_it_and_nothing_gets_lost(trace: Trace) -> None:
    document = to_otlp(trace)
    again = MessageToDict(parsed(json.loads(json.dumps(document))), use_integers_for_enums=True)
    for span in spans(again):
        for name in set(IDS) & set(span):
            span[name] = base64.b64decode(span[name]).hex()
    assert again == document
    assert len(list(spans(document))) == len(trace.where(lambda e: e.track.startswith("span/")))


def test_it_is_written_to_the_letter(trace: Trace) -> None:
    document = to_otlp(trace)
    assert all("_" not in key for key in keys(document))
    for span in spans(document):
        assert [len(span[name]) for name in ("traceId", "spanId")] == [32, 16]
        assert isinstance(span["startTimeUnixNano"], str) and span["endTimeUnixNano"].isdigit()
        assert int(span["startTimeUnixNano"]) >= EPOCH and span["kind"] in (2, 3)
        for attribute in span["attributes"]:
            ((kind, value),) = attribute["value"].items()
            assert kind in ("stringValue", "intValue") and isinstance(value, str)


def test_field_by_field_like_the_specifications_example(trace: Trace) -> None:
    (example,), ours = spans(EXAMPLE), next(s for s in spans(to_otlp(trace)) if "parentSpanId" in s)
    assert set(example) == set(ours) - {"status"}
    for name in IDS:
        assert len(example[name]) == len(ours[name])
    server = next(s for s in spans(to_otlp(trace)) if s["kind"] == example["kind"])
    assert server["name"].startswith("GET /")
    ours_resource, theirs = (d["resourceSpans"][0] for d in (to_otlp(trace), EXAMPLE))
    assert set(ours_resource) == set(theirs)
    assert set(ours_resource["scopeSpans"][0]) == set(theirs["scopeSpans"][0])
    assert theirs["resource"]["attributes"][0]["key"] == "service.name"
    assert ours_resource["resource"]["attributes"][0]["key"] == "service.name"


def test_we_read_the_specifications_example() -> None:
    (root,) = trees(from_otlp(EXAMPLE), 1000)
    assert (root.service, root.kind, root.name) == ("my.service", "server", "I'm a server span")
    assert (root.begin, root.end, root.status) == (0, 1000, None)
    assert root.trace == "5b8efff798038103d269b633813fc60c"
    assert parsed(EXAMPLE).resource_spans[0].scope_spans[0].spans[0].kind == 2


def test_the_sdk_takes_them_as_spans(trace: Trace) -> None:
    for resource in to_otlp(trace)["resourceSpans"]:
        for span in resource["scopeSpans"][0]["spans"]:
            context = SpanContext(
                int(span["traceId"], 16), int(span["spanId"], 16), False, TraceFlags(1)
            )
            made = ReadableSpan(
                name=span["name"],
                context=context,
                kind=SpanKind(span["kind"] - 1),
                resource=Resource(
                    {each["key"]: each["value"]["stringValue"]
                     for each in resource["resource"]["attributes"]}
                ),
                start_time=int(span["startTimeUnixNano"]),
                end_time=int(span["endTimeUnixNano"]),
                status=Status(StatusCode(span.get("status", {}).get("code", 0))),
            )  # fmt: skip
            assert context.is_valid and json.loads(made.to_json())["name"] == span["name"]


def _attributes(span: dict[str, Any]) -> dict[str, str]:
    return {a["key"]: next(iter(a["value"].values())) for a in span["attributes"]}


def test_attributes_and_statuses_by_the_conventions_for_http(trace: Trace) -> None:
    """Required of a client: method, address, port, URL. Of a server: method, path, scheme. 5xx is
    an error on both sides; error.type whenever there is one; resend_count from the second try."""
    seen = set()
    for span in spans(to_otlp(trace)):
        found = _attributes(span)
        assert {"http.request.method", "server.address"} <= set(found)
        if span["kind"] == 3:
            assert {"server.port", "url.full"} <= set(found) and span["name"] == "GET"
        else:
            assert {"url.path", "url.scheme", "http.route"} <= set(found)
            assert span["name"] == f"GET {found['http.route']}"
        status = found.get("http.response.status_code")
        wrong = status != "200"
        assert ("status" in span) == wrong == ("error.type" in found)
        assert span.get("status", {"code": 2})["code"] == 2
        seen.add((span["kind"], found.get("error.type"), found.get("http.request.resend_count")))
    assert {
        (2, None, None), (3, None, None), (2, "500", None), (3, "500", None), (3, "500", "1"),
        (3, "timeout", None), (3, "no_endpoint", None),
    } == seen  # fmt: skip


def shifted(node: Node, by: float) -> tuple[Any, ...]:
    own = (node.trace, node.span, node.parent, node.service, node.kind, node.name)
    times = (node.begin - by, node.end - by, node.status, node.waited, node.tries)
    return (*own, *times, *(shifted(child, by) for child in node.children))


def test_there_and_back(trace: Trace) -> None:
    before = trees(trace)
    after = trees(from_otlp(to_otlp(trace)), 1000)
    assert [shifted(node, before[0].begin) for node in before] == [shifted(n, 0) for n in after]
    assert to_otlp(from_otlp(to_otlp(trace)), 1000)["resourceSpans"]


@given(st.integers(1, 2**128 - 1), st.integers(1, 2**64 - 1), st.booleans())
def test_the_header(trace: int, span: int, sampled: bool) -> None:
    """W3C, Trace Context: version, 32 and 16 hexadecimal digits in lower case, flags."""
    context = Context(trace, span, sampled)
    version, *ids, flags = context.header().split("-")
    assert version == "00" and [len(each) for each in ids] == [32, 16]
    assert ids == [each.lower() for each in ids] and flags == ("01" if sampled else "00")
    assert Context.read(context.header()) == context


def changed(**fields: Any) -> dict[str, Any]:
    document = copy.deepcopy(EXAMPLE)
    next(spans(document)).update(fields)
    return document


@pytest.mark.parametrize(
    "document",
    [
        [], {}, 5, {"resourceSpans": 5}, {"resourceSpans": [5]}, {"resourceSpans": []},
        {"resourceSpans": [{"scopeSpans": [{"spans": {}}]}]},
        changed(traceId="zz"), changed(traceId="0" * 32), changed(spanId=None), changed(spanId=5),
        changed(startTimeUnixNano="soon"), changed(startTimeUnixNano=True),
        changed(startTimeUnixNano=1.5), changed(endTimeUnixNano="1"), changed(parentSpanId="x"),
    ],
)  # fmt: skip
def test_what_is_no_trace_is_refused(document: Any) -> None:
    with pytest.raises(BadInput) as caught:
        from_otlp(document)
    assert caught.value.argument == "spans" and "\n" not in caught.value.message


def test_what_we_do_not_know_is_ignored() -> None:
    odd = changed(
        kind=5, status={"code": 2}, attributes=[{"key": "a", "value": {"boolValue": True}}, 5, {}]
    )
    (root,) = trees(from_otlp({**odd, "more": 1}), 1000)
    assert root.kind == "internal" and root.status == 500


@pytest.mark.parametrize(
    ("kind", "read"),
    [(2, "server"), ("SPAN_KIND_CLIENT", "client"), (9, "internal"), ("2", "internal"),
     ([], "internal")],
)  # fmt: skip
def test_kinds_of_other_writers(kind: Any, read: str) -> None:
    """The names are forbidden to write, and yet are met with."""
    document = copy.deepcopy(EXAMPLE)
    next(spans(document))["kind"] = kind
    assert [event.kind for event in from_otlp(document)] == [read]
