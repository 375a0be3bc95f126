"""The explorables on indicators: what they draw is what is in the recorded logs."""

from __future__ import annotations

import re
import statistics

from lab_kernel.explore.sre.sli import averaging, buckets, hour
from lab_kernel.explore.sre.sli.condition import by_window
from lab_kernel.sre.sli import recorded
from lab_kernel.sre.sli.condition import condition
from tests.explored import Explored


class TestEveryOne(Explored):
    topic = "sre/sli/"
    declared = ("averaging", "buckets", "condition", "mean", "places")
    refused = (
        ("averaging", "percentile", "42"),
        ("buckets", "limit", 5),
        ("condition", "limit", 5001),
        ("condition", "window", "2h"),
        ("mean", "valid", "nobody"),
        ("places", "checks", "perhaps"),
    )
    short = 2
    makes_room = ("averaging", "mean", "condition")


view = TestEveryOne.view


def test_the_ratio_is_that_of_the_log() -> None:
    """Counted again, plainly."""
    events = [e for e in recorded.events() if e.path != "/healthz"]
    good = sum(e.status < 500 and e.seconds < 0.3 for e in events)
    numbers = view("condition").numbers
    assert (numbers["good"], numbers["valid"]) == (good, len(events))


def test_no_condition_makes_all_good() -> None:
    numbers = view("condition", status="any", limit=5000, valid="all").numbers
    assert numbers["good"] == numbers["valid"] == len(recorded.events())


def test_each_condition_sees_its_fault() -> None:
    """Status sees the outage and not the slow database; the limit sees that one."""
    minutes = {
        text: by_window(hour.SHOP, condition(text), 60) for text in ("status<500", "seconds<0.3")
    }
    faults = {each.kind: each for each in recorded.faults()}

    def worst(kind: str, text: str) -> float:
        fault = faults[kind]
        inside = [
            good / valid
            for start, (valid, good) in minutes[text].items()
            if fault.start - hour.start() <= start and start + 60 <= fault.end - hour.start()
        ]
        return min(inside)

    assert worst("outage", "status<500") < 0.1 and worst("slow", "status<500") > 0.98
    assert worst("slow", "seconds<0.3") < 0.8 and worst("outage", "seconds<0.3") > 0.98
    assert min(worst("network", text) for text in minutes) > 0.95


def test_the_mean_of_percentiles_is_not_the_percentile() -> None:
    """It changes with the window, what is true does not; merging is right to 1%."""
    found = [view("averaging", window=window).numbers for window in ("1m", "5m", "15m")]
    assert found[0]["mean"] < 0.6 * found[0]["exact"]
    assert [n["mean"] for n in found] == sorted(n["mean"] for n in found)
    assert len({n["exact"] for n in found}) == 1
    assert all(abs(n["merged"] / n["exact"] - 1) <= 0.0101 for n in found)
    # the standard library's definition of the same, between two ranks
    cut = statistics.quantiles(averaging.whole(), n=100, method="inclusive")[-1]
    assert abs(cut - found[0]["exact"]) < 5


def test_failing_fast_looks_fast() -> None:
    """The mean of a checkout falls while 80% of them fail."""
    found = view("mean", valid="checkout")
    rows = dict(zip(("quiet", "slow", "burst"), _means(found.figures[1].description), strict=False))
    assert rows["burst"] < rows["quiet"] < rows["slow"]


def _means(text: str) -> list[float]:
    return [float(word.replace(",", "")) for word in re.findall(r"mean ([\d,]+\d)", text)]


def test_a_bound_is_exact_and_else_it_is_between() -> None:
    true = sum(ms <= 300 for ms in averaging.whole()) / len(averaging.whole())
    for name in buckets.BOUNDS:
        least, most = (view("buckets", bounds=name).numbers[key] for key in ("least", "most"))
        assert least <= true <= most and (least == most) == (0.3 in buckets.BOUNDS[name][0])


def test_three_places_three_figures() -> None:
    """The server does not see its own outage, nor the load balancer the broken network."""
    numbers = view("places").numbers
    assert numbers["server"] > 0.995 > numbers["balancer"] > numbers["client"]
    checked = view("places", checks="on").numbers
    assert checked["balancer"] != numbers["balancer"]
