"""JupyterLite as published: a lab to its end, a reader's copies, nothing asked of another host.

Every lab runs in the site's Python in test_labs_in_the_bundle.py, and one without the network in
test_offline.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
import pytest

from tools import outputs
from tools.site import lite

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Route

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

LABS = Path(__file__).parents[2] / "labs"
LAB = "kernel/memory"
WAIT = 120_000  # ms: a machine with other work
# The notebook that is open.
OPENED = "window.jupyterapp?.shell.currentWidget?.context != null"
READY = "() => jupyterapp.shell.currentWidget.context.ready"
RUN = """(wait) => Promise.race([
  (async () => {
    const { sessionContext } = jupyterapp.shell.currentWidget;
    await sessionContext.ready;
    const { session } = sessionContext;
    await session.kernel.info;
    await jupyterapp.commands.execute("notebook:run-all-cells");
  })(),
  new Promise((_, reject) => setTimeout(reject, wait, Error("the kernel does not answer"))),
])"""
SAVE = "() => jupyterapp.shell.currentWidget.context.save()"
CELLS = "() => jupyterapp.shell.currentWidget.context.model.toJSON()"
FIRST = "jupyterapp.shell.currentWidget.content.model.cells.get(0).sharedModel"
FILES = """() => new Promise((resolve) => {
  const asked = indexedDB.open("lab-kernel labs");
  asked.onsuccess = () => {
    const all = asked.result.transaction("files").objectStore("files").getAllKeys();
    all.onsuccess = () => { asked.result.close(); resolve(all.result); };
  };
})"""


@pytest.fixture
def context(browser: Browser, base: str) -> Iterator[BrowserContext]:
    """A reader's browser that reaches nothing but this site."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(WAIT)
    foreign: list[str] = []

    def elsewhere(route: Route) -> None:
        foreign.append(route.request.url)
        route.abort()

    context.route(lambda url: not url.startswith((base, "data:", "blob:")), elsewhere)
    yield context
    context.close()
    assert foreign == []


@pytest.fixture
def without_python(context: BrowserContext, base: str) -> BrowserContext:
    """Where only files matter: Python waits for its first bytes for ever."""
    context.route(f"{base}/{lite.ADDRESS}/python/**", lambda route: None)
    return context


def begin(page: Page) -> None:
    page.wait_for_function(OPENED)
    page.evaluate(READY)


def texts(cell: Any) -> list[str]:
    """What a code cell shows in words."""
    return [
        "".join(output.get("text") or output.get("data", {}).get("text/plain") or "")
        for output in cell.outputs
    ]


def opened_from_its_page(context: BrowserContext, base: str, language: str) -> Page:
    page = context.new_page()
    page.goto(f"{base}{'' if language == 'ko' else '/en'}/labs/{LAB}/")
    with context.expect_page() as opened:
        page.locator(".lab-open a").first.click()
    lab = opened.value
    page.close()
    begin(lab)
    assert lab.evaluate("document.documentElement.lang").startswith(language)
    return lab


def test_the_page_opens_the_lab_and_it_runs_to_the_end(context: BrowserContext, base: str) -> None:
    language = "ko"
    lab = opened_from_its_page(context, base, language)
    lab.evaluate(RUN, WAIT)
    done: Any = nbformat.from_dict(lab.evaluate(CELLS))
    live = [cell for cell in done.cells if cell.cell_type == "code"]
    widgets = sum(outputs.WIDGET in output.get("data", {}) for c in live for output in c.outputs)
    assert widgets >= 5
    outputs.tidy(done)
    stored = nbformat.read(LABS / language / f"{LAB}.ipynb", as_version=4)
    for is_, was in zip(done.cells, stored.cells, strict=True):
        if was.cell_type == "code" and "nbval-ignore-output" not in was.metadata.get("tags", []):
            assert texts(is_) == texts(was), was.source

    box = lab.locator(".jp-OutputArea-output:has(.widget-slider)").first
    box.scroll_into_view_if_needed()
    before = box.locator("svg").first.evaluate("picture => picture.outerHTML")
    box.locator(".noUi-handle").first.focus()
    lab.keyboard.press("ArrowRight")
    lab.wait_for_function(
        "([box, before]) => box.querySelector('svg').outerHTML !== before",
        arg=[box.element_handle(), before],
    )


@pytest.mark.parametrize(("language", "choice"), [("ko", "renew"), ("en", "keep")])
def test_an_edit_is_kept_and_a_reader_with_an_older_copy_chooses(
    without_python: BrowserContext, base: str, language: str, choice: str
) -> None:
    page = opened_from_its_page(without_python, base, language)
    published = lite.stamped((LABS / language / f"{LAB}.ipynb").read_bytes())["cells"][0]["source"]
    assert page.evaluate(f"() => {FIRST}.getSource()") == published
    page.evaluate(f"() => {FIRST}.setSource('mine')")
    page.evaluate(
        "() => { const { model } = jupyterapp.shell.currentWidget.context;"
        " model.setMetadata('lab_kernel', { release: 'older' }) }"
    )
    page.evaluate(SAVE)
    page.reload()
    bar = page.get_by_role("alertdialog")
    bar.wait_for()
    assert lite._WORDS[language]["title"] in bar.inner_text()
    assert page.evaluate("window.jupyterapp") is None
    page.keyboard.press("Tab" if choice == "renew" else "Shift")
    page.keyboard.press("Enter")
    begin(page)
    first = page.evaluate(f"() => {FIRST}.getSource()")
    saved = [name for name in page.evaluate(FILES) if name.startswith(f"{language}/{LAB}")]
    if choice == "keep":
        assert first == "mine"
        assert saved == [f"{language}/{LAB}.ipynb"]
        page.reload()
        begin(page)
        assert page.evaluate(f"() => {FIRST}.getSource()") == "mine"
        assert bar.count() == 0
    else:
        assert first == published
        assert len(saved) == 1
        assert saved[0].startswith(f"{language}/{LAB}.before-")
