"""The site's own SLOs: what is kept of their measurement, and what their page says of it."""

from __future__ import annotations

import copy
import re
from html import escape
from typing import Any

import pytest

from tools import bench_site
from tools.site import check, slo

PAGES = {"ko": "/sre/site/", "en": "/en/sre/site/"}


@pytest.fixture
def kept() -> dict[str, Any]:
    return copy.deepcopy(slo.results())


def test_the_kept_results_name_every_objective(kept: dict[str, Any]) -> None:
    assert list(kept["objectives"]) == [one.key for one in slo.OBJECTIVES]
    for one in slo.OBJECTIVES:
        found = kept["objectives"][one.key]
        if "skipped" not in found:
            assert found["low"] <= found["median"] <= found["high"]
            assert found["met"] == one.met(found["median"])
    assert kept["machine"].keys() == {"cores", "index", "chromium", "lighthouse", "pyodide"}
    assert kept["size"]["total"] == sum(kept["size"][part] for part in ("runtime", "lite", "rest"))


@pytest.mark.parametrize("language", PAGES)
def test_the_page_shows_every_objective_and_its_figure(
    site: check.Site, kept: dict[str, Any], language: str
) -> None:
    shown = site.at[PAGES[language]].html
    for one in slo.OBJECTIVES:
        found = kept["objectives"][one.key]
        assert escape(one.says[language]) in shown
        if "skipped" not in found:
            assert one.write(found["median"]) in shown
    assert kept["date"] in shown
    assert all(page in shown for page in kept["pages"])


def test_an_objective_that_is_missed_is_named(
    kept: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept["objectives"]["cold"] = {"median": 0.41, "low": 0.4, "high": 0.5, "met": False}
    kept["objectives"]["cell"] = {"skipped": "there is none"}
    assert "cold" in bench_site.missed(kept)
    assert "cell" not in bench_site.missed(kept)
    monkeypatch.setattr(slo, "results", lambda: kept)
    assert ">missed</td>" in slo.html("en")
    assert ">0.41 (0.40–0.50)</td>" in slo.html("en")
    assert ">놓침</td>" in slo.html("ko")
    assert ">not measured</td>" in slo.html("en")


@pytest.mark.parametrize(("median", "met"), [(0.4, True), (0.401, False)])
def test_the_objective_itself_still_meets_it(median: float, met: bool) -> None:
    cold = next(one for one in slo.OBJECTIVES if one.key == "cold")
    assert cold.met(median) is met


def test_published_pictures_wait_in_a_place_of_their_own_size(site: check.Site) -> None:
    for address in ("/kernel/memory/", "/en/labs/kernel/memory/"):
        pictures = re.findall(r'<svg[^>]*class="lk-figure[^>]*>', site.at[address].html)
        assert len(pictures) > 5
        for picture in pictures:
            size = re.search(r'viewbox="0 0 (\S+) ([^"]+)"', picture, re.IGNORECASE)
            assert size
            assert f"aspect-ratio:{size[1]}/{size[2]};content-visibility:auto" in picture
