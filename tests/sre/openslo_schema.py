"""What OpenSLO v1 allows, as a JSON schema.

Restated from the README of OpenSLO/OpenSLO (v1: "General Schema", "SLO", "Objectives", "SLI") and
the validation of OpenSLO/go-sdk, pkg/openslo/v1. OpenSLO's own schemas/v1 say less: their SLO has
no rule for windows or objectives, and their SLI misspells ratioMetric.
"""

from __future__ import annotations

from typing import Any

from jsonschema import Draft202012Validator


def object_of(required: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required.split(),
        "additionalProperties": False,
        "properties": properties,
    }


def exactly_one(*names: str) -> dict[str, Any]:
    return {"oneOf": [{"required": [name]} for name in names]}


def when(method: str, *needed: str) -> dict[str, Any]:
    """With this method every objective has these fields."""
    return {
        "if": {"properties": {"budgetingMethod": {"const": method}}},
        "then": {"properties": {"objectives": {"items": {"required": list(needed)}}}},
    }


TEXT = {"type": "string", "minLength": 1}
DESCRIPTION = {"type": "string", "maxLength": 1050}
NAME = {"type": "string", "pattern": "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"}
DURATION = {"type": "string", "pattern": "^[1-9][0-9]*[mhdwMQY]$"}
_SOURCE = object_of(
    "spec", metricSourceRef=NAME, type=TEXT, spec={"type": "object", "minProperties": 1}
)
_SOURCE["anyOf"] = [{"required": ["type"]}, {"required": ["metricSourceRef"]}]
METRIC = object_of("metricSource", metricSource=_SOURCE)
_RATIO = object_of(
    "",
    counter={"type": "boolean"},
    **dict.fromkeys(("good", "bad", "total", "raw"), METRIC),
    rawType={"enum": ["success", "failure"]},
)
_RATIO["oneOf"] = [
    {"required": ["total"], **exactly_one("good", "bad"), "not": {"required": ["raw"]}},
    {
        "required": ["raw", "rawType"],
        "not": {"anyOf": [{"required": [name]} for name in ("good", "bad", "total")]},
    },
]
SLI = object_of("", description=DESCRIPTION, thresholdMetric=METRIC, ratioMetric=_RATIO)
SLI |= exactly_one("thresholdMetric", "ratioMetric")
_KEY = r"^([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[a-zA-Z0-9]([-._a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$"
METADATA = object_of(
    "name",
    name=NAME,
    displayName=TEXT,
    labels={"type": "object", "additionalProperties": {"type": ["string", "array"]}},
    annotations={
        "type": "object",
        "propertyNames": {"pattern": _KEY},
        "additionalProperties": {"type": "string"},
    },
)
OBJECTIVE = object_of(
    "",
    displayName=TEXT,
    op={"enum": ["lte", "gte", "lt", "gt"]},
    value={"type": "number"},
    target={"type": "number", "minimum": 0, "exclusiveMaximum": 1},
    targetPercent={"type": "number", "minimum": 0, "exclusiveMaximum": 100},
    timeSliceTarget={"type": "number", "exclusiveMinimum": 0, "maximum": 1},
    timeSliceWindow={"anyOf": [{"type": "integer", "minimum": 1}, DURATION]},
) | exactly_one("target", "targetPercent")
_TIME = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$"}
WINDOW = object_of(
    "duration",
    duration=DURATION,
    isRolling={"type": "boolean"},
    calendar=object_of("startTime timeZone", startTime=_TIME, timeZone=TEXT),
)
WINDOW["oneOf"] = [
    {"required": ["isRolling"], "properties": {"isRolling": {"const": True}, "calendar": False}},
    {"required": ["calendar"], "properties": {"isRolling": {"const": False}}},
]
SLO = object_of(
    "service timeWindow budgetingMethod objectives",
    description=DESCRIPTION,
    service=TEXT,
    indicator=object_of("metadata spec", metadata=METADATA, spec=SLI),
    indicatorRef=NAME,
    timeWindow={"type": "array", "minItems": 1, "maxItems": 1, "items": WINDOW},
    budgetingMethod={"enum": ["Occurrences", "Timeslices", "RatioTimeslices"]},
    objectives={"type": "array", "minItems": 1, "items": OBJECTIVE},
    alertPolicies={"type": "array"},
) | exactly_one("indicator", "indicatorRef")
SLO["allOf"] = [
    when("Timeslices", "timeSliceTarget", "timeSliceWindow"),
    when("RatioTimeslices", "timeSliceWindow"),
]
SPECS = {
    "SLO": SLO,
    "SLI": SLI,
    "Service": object_of("", description=DESCRIPTION),
    "DataSource": object_of(
        "type", type=TEXT, description=DESCRIPTION, connectionDetails={"type": "object"}
    ),
}
SCHEMA = object_of(
    "apiVersion kind metadata spec",
    apiVersion={"const": "openslo/v1"},
    kind={"enum": list(SPECS)},
    metadata=METADATA,
    spec={"type": "object"},
)
SCHEMA["allOf"] = [
    {"if": {"properties": {"kind": {"const": kind}}}, "then": {"properties": {"spec": spec}}}
    for kind, spec in SPECS.items()
]


def valid(document: Any) -> bool:
    """Whether one document is OpenSLO v1, as far as one document alone can tell."""
    return bool(Draft202012Validator(SCHEMA).is_valid(document))
