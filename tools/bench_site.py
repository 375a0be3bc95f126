"""Measures the finished site against its own SLOs and keeps the figures in docs/slo.json.

    python -m tools.bench_site [--runs 3] [--pairs 7] [--dry-run]

Serves site/ on this machine only, as a host would (text compressed), and uses one Chromium at a
time. What is compared is measured alternately in the same run, each time in a browser that has
seen nothing, and the median of the pairs' ratios counts. Ends with 1 when an objective is missed.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from tools import node
from tools.measuring import (
    FLAGS,
    PAGES,
    Skipped,
    boot,
    cell,
    chromium,
    jupyterlite,
    lighthouse,
    served,
    touch,
    unasked,
)
from tools.site import slo
from tools.site.build import SITE, build

if TYPE_CHECKING:
    from playwright.sync_api import Browser


def pairs(
    name: str, count: int, ours: Callable[[int], float], other: Callable[[int], float]
) -> tuple[list[float], list[float]]:
    """Both, alternating which comes first, so that whatever else the machine does meets both."""
    mine: list[float] = []
    theirs: list[float] = []
    for turn in range(count):
        both = [(ours, mine), (other, theirs)]
        for measure, kept in both if turn % 2 else reversed(both):
            kept.append(measure(turn))
        told = f"{mine[-1]:.0f} / {theirs[-1]:.0f} ms = {mine[-1] / theirs[-1]:.2f}"
        print(f"  {name}, pair {turn + 1} of {count}: {told}", flush=True)
    return mine, theirs


def size() -> dict[str, int]:
    """Bytes of the site as published, and of its parts."""
    whole = {path: path.stat().st_size for path in SITE.rglob("*") if path.is_file()}
    parts = {"runtime": SITE / "assets" / "runtime", "lite": SITE / "lite"}
    sizes = {
        name: sum(size for path, size in whole.items() if path.is_relative_to(part))
        for name, part in parts.items()
    }
    total = sum(whole.values())
    return {"total": total, **sizes, "rest": total - sum(sizes.values())}


def spread(figures: Sequence[float], digits: int = 3) -> dict[str, Any]:
    low, middle, high = min(figures), statistics.median(figures), max(figures)
    written = {"median": middle, "low": low, "high": high}
    return {**{key: round(it, digits) for key, it in written.items()}, "count": len(figures)}


def measure(base: str, browser: Browser, program: str, runs: int, count: int) -> dict[str, Any]:
    found: dict[str, dict[str, Any]] = {}
    warm: list[float] = []
    cold, bare = pairs(
        "cold control / bare boot",
        count,
        partial(touch, browser, base, warm=warm),
        partial(boot, browser, base),
    )
    times = {"bare": spread(bare, 0), "cold": spread(cold, 0), "warm": spread(warm, 0)}
    found["cold"] = spread([ours / other for ours, other in zip(cold, bare, strict=True)])
    found["warm"] = spread(warm, 0)
    try:
        ours, lite = pairs(
            "cell / JupyterLite",
            count,
            partial(cell, browser, base),
            partial(jupyterlite, browser, base),
        )
        found["cell"] = spread([one / other for one, other in zip(ours, lite, strict=True)])
        times |= {"cell": spread(ours, 0), "jupyterlite": spread(lite, 0)}
    except Skipped as missing:
        print(f"  cell / JupyterLite: skipped, {missing}", flush=True)
        found["cell"] = {"skipped": str(missing)}
    loud = unasked(browser, base)
    print(f"  pages that load Python unasked: {', '.join(loud) or 'none'}", flush=True)
    found["unasked"] = spread([len(loud)], 0)
    version = browser.version
    browser.close()

    scores: dict[str, list[dict[str, float]]] = {page: [] for page in PAGES}
    for run in range(runs):
        for page, kept in scores.items():
            kept.append(lighthouse(base, page, program))
            told = " ".join(f"{name} {score:g}" for name, score in kept[-1].items())
            print(f"  Lighthouse {run + 1} of {runs}, {page}: {told}", flush=True)
    medians = {
        page: {name: round(statistics.median(one[name] for one in kept)) for name in slo.CATEGORIES}
        for page, kept in scores.items()
    }
    index = round(statistics.median(one["index"] for kept in scores.values() for one in kept))
    for name in slo.CATEGORIES:
        every = spread([one[name] for kept in scores.values() for one in kept], 0)
        found[name] = {**every, "median": min(page[name] for page in medians.values())}
    for one in slo.OBJECTIVES:
        if "skipped" not in found[one.key]:
            found[one.key]["met"] = one.met(found[one.key]["median"])
    packages = {
        "lighthouse": node.packages(node.ROOT / "tools" / "npm", optional=True),
        "pyodide": node.packages(node.ROOT / "tools" / "site" / "npm"),
    }
    versions = {
        name: json.loads((at / name / "package.json").read_text())["version"]
        for name, at in packages.items()
    }
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "machine": {"cores": os.cpu_count(), "index": index, "chromium": version, **versions},
        "objectives": {one.key: found[one.key] for one in slo.OBJECTIVES},
        "times": times,
        "pages": medians,
        "size": size(),
    }


def missed(results: dict[str, Any]) -> list[str]:
    """The objectives that were measured and not met."""
    return [key for key, found in results["objectives"].items() if found.get("met") is False]


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the site against its own SLOs.")
    parser.add_argument("--runs", type=int, default=3, help="Lighthouse's, per page")
    parser.add_argument("--pairs", type=int, default=7, help="of what is compared")
    parser.add_argument("--dry-run", action="store_true", help="keep docs/slo.json as it is")
    asked = parser.parse_args()
    if min(asked.runs, asked.pairs) < 1:
        parser.error("--runs and --pairs are at least 1")
    if not build():
        return 1
    try:
        from playwright.sync_api import sync_playwright

        program = chromium()
        with served() as base, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
            results = measure(base, browser, program, asked.runs, asked.pairs)
    except (node.Unavailable, subprocess.TimeoutExpired) as error:
        print(error, file=sys.stderr)
        return 1
    if not asked.dry_run:
        slo.RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        print(f"kept in {slo.RESULTS.relative_to(node.ROOT)}")
    for one in slo.OBJECTIVES:
        found = results["objectives"][one.key]
        verdict = "skipped" if "skipped" in found else "met" if found["met"] else "MISSED"
        print(f"{verdict:<8}{one.key:<16}{found.get('median', '-')!s:>8}  {one.says['en']}")
    if gone := missed(results):
        print(f"missed: {', '.join(gone)}", file=sys.stderr)
    return 1 if gone else 0


if __name__ == "__main__":
    sys.exit(main())
