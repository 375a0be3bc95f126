"""Manifests: every field and every refusal, held against the published schemas of Kubernetes."""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import json
import typing
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from lab_kernel.cloud_native.beyond import BEYOND
from lab_kernel.cloud_native.documents import plain
from lab_kernel.cloud_native.manifest import manifest, schema
from lab_kernel.cloud_native.objects import KINDS, Deployment, HorizontalPodAutoscaler
from lab_kernel.cloud_native.objects.fields import IntOrPercent
from lab_kernel.cloud_native.quantity import quantity, written
from lab_kernel.errors import BadInput
from tests.cloud_native.published import definitions, schema_of, wrong

FOLDER = files("lab_kernel.cloud_native") / "examples"
EXAMPLES = [file for file in FOLDER.iterdir() if file.name.endswith(".yaml")]
SHOP = (files("lab_kernel.cloud_native") / "examples" / "shop.yaml").read_text()
THINGS = list(yaml.safe_load_all(SHOP))
FULL: dict[str, Any] = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "all"},
    "spec": {
        "nodeSelector": {"disk": "ssd"},
        "nodeName": "node-1",
        "restartPolicy": "OnFailure",
        "terminationGracePeriodSeconds": 5,
        "affinity": {
            "nodeAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": {
                    "nodeSelectorTerms": [
                        {"matchExpressions": [{"key": "n", "operator": "Gt", "values": ["3"]}]}
                    ]
                },
                "preferredDuringSchedulingIgnoredDuringExecution": [
                    {
                        "weight": 5,
                        "preference": {"matchExpressions": [{"key": "g", "operator": "Exists"}]},
                    }
                ],
            },
            "podAntiAffinity": {
                "requiredDuringSchedulingIgnoredDuringExecution": [
                    {
                        "topologyKey": "kubernetes.io/hostname",
                        "labelSelector": {"matchLabels": {"app": "web"}},
                    }
                ],
                "preferredDuringSchedulingIgnoredDuringExecution": [
                    {"weight": 1, "podAffinityTerm": {"topologyKey": "zone"}}
                ],
            },
        },
        "tolerations": [
            {"key": "a", "operator": "Exists", "effect": "NoExecute", "tolerationSeconds": 5}
        ],
        "topologySpreadConstraints": [
            {
                "maxSkew": 1,
                "topologyKey": "zone",
                "whenUnsatisfiable": "DoNotSchedule",
                "minDomains": 2,
            }
        ],
        "containers": [
            {
                "name": "a",
                "image": "a:1",
                "imagePullPolicy": "Always",
                "command": ["a"],
                "args": ["b"],
                "ports": [{"containerPort": 80, "name": "http", "protocol": "TCP"}],
                "livenessProbe": {"exec": {"command": ["true"]}, "timeoutSeconds": 3},
                "readinessProbe": {"tcpSocket": {"port": "http"}, "successThreshold": 2},
                "lifecycle": {"preStop": {"exec": {"command": ["sleep", "1"]}}},
            }
        ],
    },
}


def refusal(thing: Any) -> str | None:
    """What we have against it, None if nothing. JSON is YAML, too."""
    try:
        manifest(json.dumps(thing))
    except BadInput as error:
        return str(error)
    return None


# Valid


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.name)
def test_the_examples_are_valid_for_a_real_cluster(file: Any) -> None:
    text = file.read_text(encoding="utf-8")
    assert manifest(text, file.name)
    for thing in yaml.safe_load_all(text):
        assert wrong(thing) == []


def test_every_field_in_use_is_read() -> None:
    assert wrong(FULL) == []
    assert refusal(FULL) is None


def classes() -> Iterator[tuple[type, dict[str, Any]]]:
    """Each class of a manifest with the published schema of what it stands for."""
    for (version, kind), made in KINDS.items():
        yield from _below(made, schema_of(kind, version))


def _below(made: type, published: dict[str, Any]) -> Iterator[tuple[type, dict[str, Any]]]:
    yield made, published
    for name, field in schema(made).items():
        inner = _dataclass_in(field.hint)
        if inner is not None and inner is not IntOrPercent:
            reference = _reference(published["properties"][name])
            yield from _below(inner, definitions()["$defs"][reference.rpartition("/")[2]])


def _dataclass_in(hint: Any) -> type | None:
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return hint
    return next(filter(None, map(_dataclass_in, typing.get_args(hint))), None)


def _reference(published: dict[str, Any]) -> str:
    for found in (published, published.get("items"), published.get("additionalProperties")):
        if isinstance(found, dict) and "$ref" in found:
            return str(found["$ref"])
    for several in ("anyOf", "oneOf", "allOf"):
        for each in published.get(several, ()):
            if "$ref" in each:
                return str(each["$ref"])
    raise AssertionError(published)


@pytest.mark.parametrize(
    ("made", "published"),
    list(classes()),
    ids=lambda each: each.__name__ if isinstance(each, type) else "",
)
def test_each_published_field_is_simulated_or_said_to_be_beyond(
    made: type, published: dict[str, Any]
) -> None:
    own, beyond = set(schema(made)), set(BEYOND.get(made.__name__, "").split())
    given = set(published["properties"])
    if made in KINDS.values():
        given -= {"apiVersion", "kind"}
    assert own <= given
    assert not own & beyond
    # the two kinds of metadata are one in the schema
    assert given <= own | beyond
    required = {name for name, field in schema(made).items() if field.required}
    assert set(published.get("required", ())) - {"apiVersion", "kind"} <= required


# Refused


def places(thing: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The path of every mapping whose keys are fields (not names that somebody made up)."""
    free = {"labels", "annotations", "data", "matchLabels", "requests", "limits", "nodeSelector"}
    if isinstance(thing, dict):
        if not (path and (path[-1] in free or path[-2:] == ("spec", "selector"))):
            yield path
        for key, value in thing.items():
            yield from places(value, (*path, key))
    elif isinstance(thing, list):
        for number, value in enumerate(thing):
            yield from places(value, (*path, number))


def at(thing: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        thing = thing[step]
    return thing


ALL_PLACES = [
    (number, path) for number, thing in enumerate([*THINGS, FULL]) for path in places(thing)
]


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(ALL_PLACES),
    st.text("abcdefghijklmnopqrstuvwxyzABCDEFG", min_size=1, max_size=12),
)
def test_what_we_call_no_field_the_published_schema_refuses_too(
    place: tuple[int, tuple[Any, ...]], word: str
) -> None:
    number, path = place
    thing = copy.deepcopy([*THINGS, FULL][number])
    at(thing, path)[word] = 1
    told = refusal(thing)
    if told is not None and "there is no such field" in told:
        assert wrong(thing)
    else:  # a field that exists, if by chance; then its value may be wrong
        assert told is None or word in told


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(ALL_PLACES), st.data())
def test_a_slip_of_the_pen_is_named_with_its_path_and_what_was_meant(
    place: tuple[int, tuple[Any, ...]], data: st.DataObject
) -> None:
    number, path = place
    thing = copy.deepcopy([*THINGS, FULL][number])
    inner = at(thing, path)
    names = [name for name in inner if name not in ("apiVersion", "kind") and len(name) > 4]
    if not names:
        return
    name = data.draw(st.sampled_from(sorted(names)))
    letter = data.draw(st.integers(1, len(name) - 2))
    slip = name[:letter] + name[letter + 1 :]
    inner[slip] = inner.pop(name)
    told = refusal(thing)
    assert wrong(thing)
    assert told is not None
    assert f"did you mean {name}?" in told
    shown = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    assert f"{shown}.{slip}:".lstrip(".") in told


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("image: reg", "imagePullPolcy: Always\n          image: reg",
         "shop.yaml:31: spec.template.spec.containers[0].imagePullPolcy: there is no such field;"
         " did you mean imagePullPolicy?"),
        ("replicas: 3", "replicas: three",
         "shop.yaml:17: spec.replicas: a whole number is wanted, not three"),
        ("replicas: 3", 'replicas: "3"', "spec.replicas: a whole number is wanted, not 3"),
        ("replicas: 3", "replicas: -1", "-1 is not a whole number from 0 to 2147483647"),
        ("replicas: 3", "replicas: 3\n  replicas: 4",
         "shop.yaml:18: the key “replicas” is there twice, first in line 17"),
        ("250m", "250q", "cpu: “250q” is no quantity; it looks like 500m, 2, 1.5, 128Mi or 1Gi"),
        ("128Mi", "128mb", "memory: “128mb” is no quantity"),
        ("250m", "9", "requests.cpu: it must not be greater than the limit"),
        ("KRW", "yes", "data.CURRENCY: a text is wanted, not true (in quotes it would be a text)"),
        ("maxSurge: 1", "maxSurge: 0", "maxUnavailable: 0, and maxSurge is 0, too"),
        ("maxSurge: 1", "maxSurge: 10 %", "maxSurge: a number of pods such as 1, or a share"),
        ("containers:", "volumes: []\n      containers:",
         "spec.template.spec.volumes: Kubernetes has this field, the simulated"),
        ("kind: Deployment", "kind: Deploymnt", "did you mean Deployment?"),
        ("kind: Deployment", "kind: StatefulSet", "kind: “StatefulSet” is not simulated"),
        ("apps/v1", "apps/v1beta1", "“apps/v1beta1” is the wrong version for a Deployment"),
        ("name: web", "name: Web_1", "metadata.name: “Web_1” is no name"),
        ("labels: {app: web}\n", "labels: {app: webb}\n", "spec.selector does not match them"),
        ("port: http}", "port: htp}", "the container has no port named “htp”"),
        ('start-seconds: "3"', 'start-secs: "3"', "there is no “start-secs”; choose one of"),
        ('start-seconds: "3"', 'start-seconds: "soon"', "“soon” is no time"),
        ("  selector:\n    matchLabels: {app: web}\n", "", "spec.selector: required, and not"),
        ("failureThreshold: 30", "successThreshold: 2", "successThreshold: it must be 1 here"),
        ("httpGet: {path: /ready, port: http}", "exec: {}\n            tcpSocket: {port: 1}",
         "readinessProbe: exactly one of: httpGet, tcpSocket, exec"),
        ("minReplicas: 3", "minReplicas: 13", "maxReplicas: it must not be less than minReplicas"),
        ("type: Resource", "type: Pods", "type Pods needs the field pods"),
    ],
)  # fmt: skip
def test_bad_input_says_what_and_where(before: str, after: str, told: str) -> None:
    text = SHOP.replace(before, after, 1)
    assert text != SHOP
    with pytest.raises(BadInput) as refused:
        manifest(text, "shop.yaml")
    assert told in str(refused.value)
    assert str(refused.value).startswith("shop.yaml:")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "there is no object in it"),
        ("---\n---\n", "there is no object in it"),
        ("a: [1", "a.yaml:1: this is not YAML"),
        ("x: 1\n y: 2", "a.yaml:2: this is not YAML"),
        ("a: \x00", "this is not YAML"),
        ("just words", "a.yaml:1: this is no object"),
        ("kind: Pod", "apiVersion: required, a text"),
        ("a: &a [*a]", "there is no anchor &a"),
        ("a: *b", "there is no anchor &b before the alias *b"),
        ("[" * 50 + "]" * 50, "nested more than 40 levels deep"),
        ("a: &a [1,1,1,1,1,1,1,1,1,1]\n"
         + "".join(f"{b}: &{b} [{','.join(['*' + a] * 10)}]\n"
                   for a, b in zip("abcde", "bcdef", strict=True)), "more than 100,000 values"),
        ("? [a]\n: 1", "a key must be a word"),
        ("a: !!binary YQ==", "is not for manifests"),
        ("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n---\n"
         "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}",
         "a.yaml:3: ConfigMap “a” is there twice, first in a.yaml:1"),
    ],
)  # fmt: skip
def test_bad_files(text: str, told: str) -> None:
    with pytest.raises(BadInput) as refused:
        manifest(text, "a.yaml")
    assert told in str(refused.value)


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("ab:-[]{}&*!|>'\"%@,#?\n \t~1.<=") | st.characters(), max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(BadInput):
        manifest(text)


# Values of YAML and quantities


@settings(max_examples=200, deadline=None)
@given(
    st.text("yYeEsSnNoOfFtTrRuUaAlL", max_size=5)
    | st.from_regex(r"[-+]?(0|[1-9][0-9]{0,6}|0[0-7]{1,4}|0x[0-9a-f]{1,4})", fullmatch=True)
    | st.from_regex(r"[-+]?[0-9]{1,3}\.[0-9]{0,3}", fullmatch=True)
    | st.sampled_from(["~", "null", "Null", "NULL", "", "1_000", "1e"])
)
def test_words_mean_what_yaml_1_1_says(word: str) -> None:
    """Oracle: PyYAML, which reads YAML 1.1, too. It leaves out y and n; Kubernetes does not."""
    if word.lower() in ("y", "n"):
        return
    assert plain(word) == yaml.safe_load(word or "~")
    assert type(plain(word)) is type(yaml.safe_load(word or "~"))


def test_y_and_n_are_booleans() -> None:
    """go-yaml v2, resolve.go, which Kubernetes reads manifests with (sigs.k8s.io/yaml)."""
    assert [plain(word) for word in ("y", "Y", "n", "N")] == [True, True, False, False]
    assert plain("1e3") == 1000.0


@pytest.mark.parametrize(
    ("word", "parts", "amount"),
    [
        # Kubernetes, "Resource Management for Pods and Containers": 0.1 is 100m; the same memory
        ("0.1", 1000, 100), ("100m", 1000, 100), ("1", 1000, 1000), ("500m", 1, 1),
        ("128974848", 1, 128974848), ("129e6", 1, 129000000), ("129M", 1, 129000000),
        ("128974848000m", 1, 128974848), ("123Mi", 1, 128974848), ("1Gi", 1, 2**30),
        ("1.5Gi", 1, 3 * 2**29), ("1Ki", 1000, 1024000), ("1n", 1000, 1), (".5", 1000, 500),
        ("-1", 1, -1),
    ],
)  # fmt: skip
def test_quantities(word: str, parts: int, amount: int) -> None:
    assert quantity(word, parts) == amount


@pytest.mark.parametrize(
    "word", ["", "m", "1 Gi", "1gi", "1KI", "1.2.3", "0x10", "1e", "e3", "1Gim"]
)
def test_no_quantities(word: str) -> None:
    assert quantity(word) is None


@given(st.integers(0, 2**50))
def test_a_quantity_that_was_written_is_read(amount: int) -> None:
    assert quantity(written(amount)) == amount
    assert quantity(written(amount, 1000), 1000) == amount


# What is read


def test_defaults_are_those_of_kubernetes() -> None:
    """Oracle: the API reference: probes 0, 10, 1, 1, 3; surge and unavailability 25%."""
    (web,) = [e for e in manifest(SHOP) if isinstance(e, Deployment) and e.metadata.name == "web"]
    probe = web.spec.template.spec.containers[0].readiness_probe
    assert probe is not None
    assert (probe.initial_delay_seconds, probe.timeout_seconds) == (0, 1)
    assert (probe.success_threshold, probe.failure_threshold) == (1, 3)
    assert web.spec.progress_deadline_seconds == 600
    assert web.spec.revision_history_limit == 10
    (catalogue,) = [
        e for e in manifest(SHOP) if isinstance(e, Deployment) and e.metadata.name == "catalogue"
    ]
    assert catalogue.spec.template.spec.termination_grace_period_seconds == 30
    liveness = web.spec.template.spec.containers[0].liveness_probe
    assert liveness is not None
    assert liveness.period_seconds == 10


@pytest.mark.parametrize(
    ("share", "replicas", "up", "down"),
    [(25, 10, 3, 2), (30, 10, 3, 3), (25, 4, 1, 1), (25, 1, 1, 0), (100, 7, 7, 7), (0, 5, 0, 0)],
)
def test_shares_round_up_for_surge_and_down_for_unavailability(
    share: int, replicas: int, up: int, down: int
) -> None:
    """Kubernetes, "Deployments": maxSurge is rounded up, maxUnavailable rounded down."""
    assert IntOrPercent(share, percent=True).of(replicas, round_up=True) == up
    assert IntOrPercent(share, percent=True).of(replicas, round_up=False) == down


def test_several_documents_merge_keys_and_lists() -> None:
    text = """
    apiVersion: v1
    kind: List
    items:
      - &a {apiVersion: v1, kind: ConfigMap, metadata: {name: a}, data: {x: "1"}}
      - <<: *a
        metadata: {name: b}
    """
    first, second = manifest(text)
    assert first.data == second.data == {"x": "1"}
    assert second.metadata.name == "b"


def test_null_is_a_field_that_was_left_out() -> None:
    thing = copy.deepcopy(THINGS[1])
    thing["spec"]["minReadySeconds"] = None
    assert refusal(thing) is None
    scaler = [each for each in manifest(SHOP) if isinstance(each, HorizontalPodAutoscaler)]
    assert scaler[0].spec.metrics[0].pods is None
