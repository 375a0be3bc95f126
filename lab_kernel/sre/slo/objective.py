"""The part of an OpenSLO document that says how much is wanted, and over how long."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from lab_kernel.cloud_native.documents import meant
from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.sre.slo.place import Place
from lab_kernel.sre.slo.sli import one_of
from lab_kernel.sre.slo.spec import (
    OCCURRENCES,
    OPERATORS,
    TIMESLICES,
    Calendar,
    Indicator,
    Objective,
    Rolling,
    ThresholdMetric,
    Window,
)
from lab_kernel.sre.slo.window import zone


def window(place: Place, given: Mapping[str, Place]) -> Window:
    """The one time window of an SLO whose fields are ``given``."""
    if "timeWindow" not in given:
        place.refuse(_("timeWindow is missing: over how long is the target to be met?"))
    windows = given["timeWindow"].items()
    if len(windows) != 1:
        message = _("{count} windows; an SLO has exactly one")
        (windows[1] if windows else given["timeWindow"]).refuse(message.format(count=len(windows)))
    parts = windows[0].fields("duration", "isRolling calendar")
    duration = parts["duration"].duration()
    rolling = parts["isRolling"].flag() if "isRolling" in parts else False
    if rolling and "calendar" in parts:
        parts["calendar"].refuse(_("isRolling is true, and a rolling window has no calendar"))
    if rolling:
        return Rolling(duration)
    if "calendar" not in parts:
        windows[0].refuse(_("isRolling: true is needed, or a calendar"))
    calendar = parts["calendar"].fields("startTime timeZone")
    try:
        start = datetime.strptime(calendar["startTime"].text(), "%Y-%m-%d %H:%M:%S")
    except ValueError as error:
        if isinstance(error, BadInput):
            raise
        calendar["startTime"].refuse(_("write it as 2026-01-01 00:00:00, without a time zone"))
    try:
        zone(name := calendar["timeZone"].text())
    except BadInput as error:
        if error.argument != "timeZone":
            raise
        calendar["timeZone"].refuse(error.message)
    return Calendar(duration, start, name)


def objective(place: Place, method: str, indicator: Indicator) -> Objective:
    """One objective; what it needs depends on the method and on the kind of indicator."""
    given = place.fields(
        "", "displayName op value target targetPercent timeSliceTarget timeSliceWindow"
    )
    threshold = isinstance(indicator, ThresholdMetric)
    sliced = method != OCCURRENCES
    needed = {
        "op": threshold,
        "value": threshold,
        "timeSliceWindow": sliced,
        "timeSliceTarget": method == TIMESLICES,
    }
    for field, wanted in needed.items():
        if wanted and field not in given:
            why = method if field.startswith("time") else "thresholdMetric"
            place.refuse(_("{field} is needed with {why}").format(field=field, why=why))
    slice_target = given["timeSliceTarget"].number() if "timeSliceTarget" in given else None
    if slice_target is not None and not 0 < slice_target <= 1:
        message = _("{value} is not above 0 and at most 1")
        given["timeSliceTarget"].refuse(message.format(value=slice_target))
    return Objective(
        _target(place, given),
        given["displayName"].text() if "displayName" in given else "",
        given["op"].choice(OPERATORS) if "op" in given else "",
        given["value"].number() if "value" in given else None,
        slice_target,
        given["timeSliceWindow"].duration(minutes=True) if "timeSliceWindow" in given else None,
    )


def _target(place: Place, given: Mapping[str, Place]) -> Decimal:
    name = one_of(place, given, "target", "targetPercent")
    whole = 1 if name == "target" else 100
    value = given[name].number()
    if value == whole:
        message = _("{value} would leave no error budget, and a burn rate would divide by 0")
        given[name].refuse(message.format(value=value))
    if not 0 <= value < whole:
        message = _("{value} is not from 0 up to, but without, {whole}")
        said = message.format(value=value, whole=whole)
        percent = name == "target" and 1 < value < 100
        given[name].refuse(said + (meant("targetpercent", ["targetPercent"]) if percent else ""))
    return value / whole
