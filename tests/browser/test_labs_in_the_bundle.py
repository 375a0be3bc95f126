"""Every lab in the Python that the site ships: one boot for all of them.

The two languages of a lab have the same code (tests/labs), so one English lab stands for all.

A cell's streams and the text of what it shows are compared with what the notebook has stored,
which nbval compares with CPython in the same run.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tools.labs import read
from tools.outputs import notebooks
from tools.site import scripts

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

LABS = Path(__file__).parents[2] / "labs"
EVERY_LAB = [path.relative_to(LABS).as_posix() for path in notebooks(LABS / "ko")]
EVERY_LAB += [path.relative_to(LABS).as_posix() for path in notebooks(LABS / "en")][:1]
TIMEOUT = 120_000  # ms, for one cell
RUN = """async ([scripts, session, code, timeout]) => {
  const { ask } = await import(scripts);
  const outputs = [];
  const run = ask({ do: "run", session, code }, (output) => outputs.push(output));
  const late = new Promise((_, no) => setTimeout(() => no(new Error("no end of it")), timeout));
  return [(await Promise.race([run, late])).ok, outputs];
}"""

Text = list[tuple[str, str]]


@pytest.fixture(scope="module")
def booted(browser: Browser, base: str) -> Iterator[Page]:
    context = browser.new_context()
    context.route(lambda url: not url.startswith(base), lambda route: route.abort())
    page = context.new_page()
    page.goto(f"{base}/404.html")
    yield page
    context.close()


def joined(outputs: Text) -> Text:
    """What was written to one stream in pieces is one output."""
    kept: Text = []
    for kind, text in outputs:
        if kept and kept[-1][0] == kind != "text/plain":
            kept[-1] = (kind, kept[-1][1] + text)
        else:
            kept.append((kind, text))
    return kept


def stored(cell: Any) -> Text:
    return joined(
        [
            (output.name, output.text)
            if output.output_type == "stream"
            else ("text/plain", output.data["text/plain"])
            for output in cell.outputs
        ]
    )


def shown(outputs: list[dict[str, Any]]) -> Text:
    return joined(
        [
            (o["stream"], o["text"]) if "stream" in o else ("text/plain", o["data"]["text/plain"])
            for o in outputs
            if "error" not in o
        ]
    )


def test_there_is_a_lab() -> None:
    assert EVERY_LAB


@pytest.mark.parametrize("lab", EVERY_LAB)
def test_a_lab_prints_in_the_browser_what_it_has_stored(booted: Page, lab: str) -> None:
    cells = [cell for cell in read(LABS / lab).cells if cell.cell_type == "code"]
    python = f"/{scripts.address()}/python.js"
    for cell in cells:
        ok, outputs = booted.evaluate(RUN, [python, lab, cell.source, TIMEOUT])
        assert ok, f"{cell.id}: {outputs[-1]['error']}"
        assert shown(outputs) == stored(cell), cell.id
