"""OpenSLO v1 in YAML: from the text of a file to SLOs, or to one line that says what is wrong.

    openslo(text, "checkout.yaml")

A file may hold several documents. An SLO that names its indicator by ``indicatorRef`` finds it in
a document of kind SLI, a metric source without a type finds it in the DataSource that it refers
to, and a service has to be among the file's Services if there are any. Documents about alerting
are passed over: ``lab_kernel.sre.alerts`` works alerts out from the budget instead.

Conditions for reading a log stand in the annotations ``lab-kernel/good`` and
``lab-kernel/valid``, of the SLO or of its SLI, and are read elsewhere.

Stricter than OpenSLO's text where its Go SDK is, too: exactly one window, RFC 1123 names. Left
out: composite objectives (an indicator for each objective) and what ``alertPolicies`` contains.

Source: OpenSLO v1, README and schemas/v1; validation rules of OpenSLO/go-sdk, pkg/openslo/v1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from lab_kernel.cloud_native.documents import Value, documents, meant
from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.sre.slo.objective import objective, window
from lab_kernel.sre.slo.place import Place
from lab_kernel.sre.slo.sli import one_of, sli
from lab_kernel.sre.slo.spec import METHODS, SLO, Indicator, ThresholdMetric

VERSION = "openslo/v1"
ALERTING = ("AlertPolicy", "AlertCondition", "AlertNotificationTarget")
KINDS = ("SLO", "SLI", "Service", "DataSource", *ALERTING)
_ANNOTATION = re.compile(
    r"(?=(.{1,253}/)?[^/]{1,63}$)([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-\w.]*[A-Za-z0-9])?"
)


class Metadata(NamedTuple):
    name: str
    display_name: str
    labels: Mapping[str, tuple[str, ...]]
    annotations: Mapping[str, str]


class Known(NamedTuple):
    """What an SLO may refer to: indicators with their metadata, services, types of sources."""

    indicators: Mapping[str, tuple[Metadata, Indicator]]
    services: tuple[str, ...]
    sources: Mapping[str, str]


def openslo(text: str, name: str = "slo") -> list[SLO]:
    """The SLOs of a file, in its order. BadInput for the first thing that is wrong."""
    found = [_document(Place(each)) for value in documents(text, name) for each in _each(value)]
    seen: dict[tuple[str, str], str] = {}
    for kind, metadata, spec in found:
        if (same := (kind, metadata.name)) in seen:
            message = _("{kind} “{name}” is there twice, first in {where}")
            words = {"kind": kind, "name": metadata.name, "where": seen[same]}
            raise BadInput(spec.value.at, message.format(**words))
        seen[same] = spec.value.at
    sources = {m.name: _data_source(spec) for kind, m, spec in found if kind == "DataSource"}
    services = tuple(_service(m, spec) for kind, m, spec in found if kind == "Service")
    indicators = {m.name: (m, sli(spec, sources)) for kind, m, spec in found if kind == "SLI"}
    known = Known(indicators, services, sources)
    slos = [_slo(metadata, spec, known) for kind, metadata, spec in found if kind == "SLO"]
    if not slos:
        raise BadInput(name, _("there is no document of kind SLO in it"))
    return slos


def _each(value: Value) -> list[Value]:
    """A document may be a list of objects."""
    return list(value.data) if isinstance(value.data, list) else [value]


def _document(document: Place) -> tuple[str, Metadata, Place]:
    given = document.fields("apiVersion kind metadata spec")
    if (version := given["apiVersion"].text()) != VERSION:
        message = _("“{version}” is not read here; it is {known}")
        given["apiVersion"].refuse(message.format(version=version, known=VERSION))
    return given["kind"].choice(KINDS), _metadata(given["metadata"]), given["spec"]


def _metadata(place: Place) -> Metadata:
    given = place.fields("name", "displayName labels annotations")
    labels = given["labels"].entries() if "labels" in given else {}
    annotations = given["annotations"].entries() if "annotations" in given else {}
    for key, each in annotations.items():
        if not _ANNOTATION.fullmatch(key):
            each.refuse(_("“{key}” is no key of an annotation").format(key=key))
    return Metadata(
        given["name"].name(),
        given["displayName"].text() if "displayName" in given else "",
        {key: _label(each) for key, each in labels.items()},
        {key: each.text() for key, each in annotations.items()},
    )


def _label(place: Place) -> tuple[str, ...]:
    if isinstance(place.value.data, list):
        return tuple(each.text() for each in place.items())
    return (place.text(),)


def _data_source(place: Place) -> str:
    given = place.fields("type", "description connectionDetails")
    return given["type"].text()


def _service(metadata: Metadata, place: Place) -> str:
    given = place.fields("", "description")
    if "description" in given:
        given["description"].description()
    return metadata.name


def _slo(metadata: Metadata, place: Place, known: Known) -> SLO:
    given = place.fields(
        "service budgetingMethod objectives",
        "description indicator indicatorRef timeWindow alertPolicies",
    )
    about, indicator = _indicator(place, given, known)
    service = given["service"].text()
    if known.services and service not in known.services:
        message = _("“{value}” is none of this file's services: {allowed}")
        said = message.format(value=service, allowed=", ".join(known.services))
        given["service"].refuse(said + meant(service, list(known.services)))
    method = given["budgetingMethod"].choice(METHODS)
    objectives = given["objectives"].items()
    if not objectives:
        given["objectives"].refuse(_("at least one objective is needed"))
    if isinstance(indicator, ThresholdMetric) and len(objectives) > 1:
        objectives[1].refuse(_("a thresholdMetric takes one objective only"))
    if "alertPolicies" in given:
        given["alertPolicies"].items()
    return SLO(
        metadata.name,
        service,
        indicator,
        window(place, given),
        method,
        tuple(objective(each, method, indicator) for each in objectives),
        about.name,
        metadata.display_name,
        given["description"].description() if "description" in given else "",
        {**about.annotations, **metadata.annotations},
        metadata.labels,
        place.value.at,
    )


def _indicator(
    place: Place, given: Mapping[str, Place], known: Known
) -> tuple[Metadata, Indicator]:
    if one_of(place, given, "indicator", "indicatorRef") == "indicator":
        inline = given["indicator"].fields("metadata spec")
        return _metadata(inline["metadata"]), sli(inline["spec"], known.sources)
    name = given["indicatorRef"].name()
    if name not in known.indicators:
        message = _("there is no SLI “{name}” in this file").format(name=name)
        given["indicatorRef"].refuse(message + meant(name, list(known.indicators)))
    return known.indicators[name]
