"""The site's own objectives: what each is, and the table that its page shows.

``docs/slo.json`` holds what ``make bench-site`` measured last; nothing here measures.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parents[2] / "docs" / "slo.json"
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")


@dataclass(frozen=True)
class Objective:
    """One SLI and its target: the median must be at least, or at most, that."""

    key: str
    target: float
    at_least: bool
    form: str  # how a figure is written
    says: dict[str, str]

    def met(self, median: float) -> bool:
        return median >= self.target if self.at_least else median <= self.target

    @property
    def ends(self) -> bool:
        """Whether no figure can be better than the target."""
        return self.target == (100 if self.at_least else 0)

    def write(self, figure: float) -> str:
        return self.form.format(figure)


def _lighthouse(key: str, target: int, korean: str, english: str) -> Objective:
    says = {
        "ko": f"Lighthouse {korean} 점수(모바일, 여섯 페이지 가운데 가장 낮은 것)",
        "en": f"Lighthouse {english} score (mobile, the lowest of six pages)",
    }
    return Objective(key, target, True, "{:.0f}", says)


OBJECTIVES = (
    _lighthouse("performance", 95, "성능", "performance"),
    _lighthouse("accessibility", 100, "접근성", "accessibility"),
    _lighthouse("best-practices", 100, "권장 사항", "best practices"),
    _lighthouse("seo", 100, "검색 엔진 최적화(SEO)", "SEO"),
    Objective(
        "cold",
        0.4,
        False,
        "{:.2f}",
        {
            "ko": "처음 만진 조작 요소가 그림을 바꾸기까지의 시간 ÷ Pyodide만 부팅하는 시간",
            "en": "time from the first touch of a control to its new picture"
            " ÷ time of a bare Pyodide boot",
        },
    ),
    Objective(
        "warm",
        100,
        False,
        "{:.0f} ms",
        {
            "ko": "그다음부터 조작 요소가 그림을 바꾸기까지의 시간",
            "en": "time from a later touch of a control to its new picture",
        },
    ),
    Objective(
        "cell",
        0.15,
        False,
        "{:.2f}",
        {
            "ko": "실습 페이지에서 셀의 첫 출력까지의 시간 ÷ JupyterLite에서 첫 출력까지의 시간",
            "en": "time to the first output of a cell on the lab's page"
            " ÷ time to the first output in JupyterLite",
        },
    ),
    Objective(
        "unasked",
        0,
        False,
        "{:.0f}",
        {
            "ko": "요청하지 않았는데 Python을 내려받은 페이지의 수",
            "en": "pages that download Python before they are asked to",
        },
    ),
)

_WORDS = {
    "ko": {
        "sli": "SLI(무엇을 재는가)",
        "slo": "SLO",
        "measured": "잰 값: 중앙값(최소–최대)",
        "result": "결과",
        "met": "지킴",
        "missed": "놓침",
        "skipped": "재지 않음",
        "least": "{} 이상",
        "most": "{} 이하",
        "page": "페이지",
        "machine": "{date}에 CPU {cores}개(Lighthouse의 벤치마크 지수 {index}),"
        " Chromium {chromium}, Lighthouse {lighthouse}, Pyodide {pyodide}로 쟀습니다.",
        "times": "비율의 바탕이 된 시간의 중앙값은 Pyodide만 부팅 {bare:,.0f} ms, 처음 만진"
        " 조작 요소 {cold:,.0f} ms입니다. 시간은 컴퓨터마다 다르고, 비율은 훨씬 덜 다릅니다.",
        "size": "공개하는 사이트 전체의 크기는 {total:.1f} MB이며, 그중 Python이 {runtime:.1f} MB,"
        " JupyterLite가 {lite:.1f} MB, 나머지 페이지와 그림이 {rest:.1f} MB입니다.",
    },
    "en": {
        "sli": "SLI (what is measured)",
        "slo": "SLO",
        "measured": "Measured: median (lowest–highest)",
        "result": "Result",
        "met": "met",
        "missed": "missed",
        "skipped": "not measured",
        "least": "at least {}",
        "most": "at most {}",
        "page": "Page",
        "machine": "Measured on {date} with {cores} CPUs (Lighthouse's benchmark index {index}),"
        " Chromium {chromium}, Lighthouse {lighthouse} and Pyodide {pyodide}.",
        "times": "The medians behind the ratio: a bare Pyodide boot {bare:,.0f} ms, a control"
        " touched first {cold:,.0f} ms. Times differ between machines; ratios differ far less.",
        "size": "The site as published is {total:.1f} MB: Python {runtime:.1f} MB, JupyterLite"
        " {lite:.1f} MB, pages and pictures {rest:.1f} MB.",
    },
}


def results() -> dict[str, Any]:
    """What was measured last, as ``make bench-site`` wrote it."""
    kept: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return kept


def html(language: str) -> str:
    """The tables of the page, and where and when their figures were measured."""
    kept, words = results(), _WORDS[language]
    names = "sli", "result", "slo", "measured"
    rows = [_row(one, kept["objectives"][one.key], language) for one in OBJECTIVES]
    about = [words["machine"].format(date=kept["date"], **kept["machine"])]
    about.append(words["times"].format(**{key: it["median"] for key, it in kept["times"].items()}))
    size = {part: bytes_ / 1e6 for part, bytes_ in kept["size"].items()}
    about.append(words["size"].format(**size))
    scores = [[page, *map(str, score.values())] for page, score in kept["pages"].items()]
    return (
        _table([words[name] for name in names], rows)
        + "".join(f"<p>{escape(line)}</p>" for line in about)
        + _table([words["page"], *_categories(language)], scores)
    )


def _row(one: Objective, found: dict[str, Any], language: str) -> list[str]:
    words = _WORDS[language]
    target = one.write(one.target)
    if not one.ends:
        target = words["least" if one.at_least else "most"].format(target)
    if "skipped" in found:
        return [one.says[language], words["skipped"], target, "–"]
    median, low, high = (one.write(found[key]) for key in ("median", "low", "high"))
    measured = median if low == high else f"{median} ({low}–{high})"
    return [one.says[language], words["met" if found["met"] else "missed"], target, measured]


def _categories(language: str) -> list[str]:
    short = {
        "ko": ("성능", "접근성", "권장 사항", "SEO"),
        "en": ("performance", "accessibility", "best practices", "SEO"),
    }
    return list(short[language])


def _table(head: list[str], rows: list[list[str]]) -> str:
    top = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(
        f'<tr><td style="min-width:9rem">{escape(first)}</td>'
        + "".join(f'<td style="white-space:nowrap">{escape(cell)}</td>' for cell in rest)
        + "</tr>"
        for first, *rest in rows
    )
    return (
        '<div class="md-typeset__scrollwrap"><div class="md-typeset__table">'
        f"<table><thead><tr>{top}</tr></thead>"
        f"<tbody>{body}</tbody></table></div></div>"
    )
