"""The part of an OpenSLO document that says what is measured: the ``spec`` of an SLI."""

from __future__ import annotations

from collections.abc import Mapping

from lab_kernel.cloud_native.documents import meant
from lab_kernel.language import _
from lab_kernel.sre.slo.place import Place
from lab_kernel.sre.slo.spec import Indicator, MetricSource, RatioMetric, ThresholdMetric


def sli(place: Place, sources: Mapping[str, str]) -> Indicator:
    """The indicator; ``sources`` are the types of the DataSources by name."""
    given = place.fields("", "description thresholdMetric ratioMetric")
    if "description" in given:
        given["description"].description()
    if one_of(place, given, "ratioMetric", "thresholdMetric") == "thresholdMetric":
        return ThresholdMetric(_metric(given["thresholdMetric"], sources))
    ratio = given["ratioMetric"]
    parts = ratio.fields("", "counter good bad total rawType raw")
    metrics = {
        name: _metric(parts[name], sources) if name in parts else None
        for name in ("good", "bad", "total", "raw")
    }
    if one_of(ratio, parts, "total", "raw") == "raw":
        for name in ("good", "bad"):
            if name in parts:
                parts[name].refuse(_("not together with raw, which is a ratio already"))
        if "rawType" not in parts:
            ratio.refuse(_("raw needs rawType: success or failure"))
        raw_type = parts["rawType"].choice(("success", "failure"))
        return RatioMetric(raw=metrics["raw"], raw_type=raw_type)
    one_of(ratio, parts, "good", "bad")
    counter = parts["counter"].flag() if "counter" in parts else False
    return RatioMetric(metrics["good"], metrics["bad"], metrics["total"], counter)


def one_of(place: Place, given: Mapping[str, Place], first: str, second: str) -> str:
    """The one of two fields that is there; both and neither are refused."""
    if first in given and second in given:
        message = _("{first} and {second} are both there; only one of them may be")
        later = max((given[second], given[first]), key=_line)  # the one that was put beside it
        later.refuse(message.format(first=first, second=second))
    if first not in given and second not in given:
        place.refuse(_("one of {first} and {second} is needed").format(first=first, second=second))
    return first if first in given else second


def _line(place: Place) -> int:
    return int(place.value.at.rpartition(":")[2])


def _metric(place: Place, sources: Mapping[str, str]) -> MetricSource:
    source = place.fields("metricSource")["metricSource"]
    given = source.fields("spec", "metricSourceRef type")
    ref = given["metricSourceRef"].name() if "metricSourceRef" in given else ""
    kind = given["type"].text() if "type" in given else sources.get(ref, "")
    if not kind:
        message = _("a type is needed, or a metricSourceRef to a DataSource of this file")
        source.refuse(message + meant(ref, list(sources)))
    if not given["spec"].entries():
        given["spec"].refuse(_("it is empty: what is to be asked of the source?"))
    return MetricSource(kind, given["spec"].plain(), ref)
