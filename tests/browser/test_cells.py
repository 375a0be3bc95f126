"""A lab that runs on its own page, as a reader uses it, in Chromium."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from lab_kernel import exercises, live

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

LABS = {"ko": "/labs/kernel/memory/", "en": "/en/labs/kernel/memory/"}
BOOT = 60_000  # ms
ALL = "Control+a"


class Cell:
    def __init__(self, page: Page, name: str) -> None:
        self.page = page
        self.block = page.locator(f"[data-cell='{name}']" if name else ".lab-cell:not([data-cell])")
        self.output = self.block.locator(".lab-out")
        self.number = self.block.locator(".lab-number")
        self.code = self.block.locator(".cm-content")

    def do(self, what: str) -> Cell:
        self.block.locator(f"[data-do='{what}']").click()
        return self

    def type(self, source: str, key: str = "Control+Enter") -> Cell:
        """Put this in the place of the cell's code, and press a key."""
        self.block.scroll_into_view_if_needed()
        self.code.click()
        self.page.keyboard.press(ALL)
        self.page.keyboard.insert_text(source)
        self.page.keyboard.press(key)
        return self

    def has(self, number: int | str) -> Cell:
        sync_api.expect(self.number).to_have_text(f"[{number}]", timeout=BOOT)
        return self

    def shows(self, text: str) -> Cell:
        sync_api.expect(self.output.last).to_contain_text(text, timeout=BOOT)
        return self


def opened(page: Page, address: str) -> Locator:
    """The lab's page with its cells open; its bar."""
    page.goto(address, wait_until="networkidle")
    page.click(".lab-here")
    page.wait_for_selector("[data-cell='setup'] .cm-content")
    return page.locator(".lab-bar")


def act(bar: Locator, what: str) -> None:
    bar.locator(f"[data-do='{what}']").click()


@pytest.mark.parametrize("language", LABS)
def test_the_first_cells_run_and_an_explorable_answers(
    page: Page, base: str, language: str
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(base + LABS[language], wait_until="networkidle")
    assert not [url for url in asked if "/assets/runtime/" in url or "/editor/" in url]
    published = Cell(page, "frames-run").output.inner_text()
    bar = opened(page, base + LABS[language])
    run = Cell(page, "frames-run")
    assert run.output.inner_text() == published  # until it runs
    run.has(" ").type("40 + 2").has(1).shows("42")
    assert published not in run.output.all_inner_texts()

    explore = Cell(page, "frames-explore")
    Cell(page, "setup").do("run").has(2)
    assert [url.rpartition("/")[2] for url in asked if url.endswith(".snapshot")] == [
        "kernel.snapshot"
    ]
    explore.do("run").has(3)
    block = explore.output.locator(".lk-explorable")
    block.locator("input[type=range]").focus()
    page.keyboard.press("ArrowRight")
    wanted = {"do": "picture", "name": "kernel/memory/frames", "values": {"step": "5"}}
    says = json.loads(live.answer(json.dumps({**wanted, "language": language})))["says"]
    sync_api.expect(block.locator(".lk-says")).to_have_text(says)
    assert "step" not in page.url

    # the same one again does not take the first one's place
    added = Cell(page, "")
    explore.do("add")
    added.type('explore("kernel/memory/frames", step=1)').has(4)
    own = added.output.locator(".lk-says").inner_text()
    block.locator("input[type=range]").press("ArrowLeft")
    sync_api.expect(block.locator(".lk-says")).not_to_have_text(says)
    assert added.output.locator(".lk-says").inner_text() == own
    assert bar.locator(".lab-told").inner_text()


def test_a_problem_wrong_and_right(page: Page, base: str) -> None:
    name, seed = "kernel/memory/faults", 2
    answer = exercises.draw(name, seed).answer
    opened(page, base + LABS["ko"])
    page.evaluate(
        "window.solved = []; document.addEventListener('lk-solved', e => solved.push(e.detail))"
    )
    Cell(page, "setup").do("run").has(1)
    cell = Cell(page, "faults-problem").do("run").has(2)
    assert cell.output.locator(".lk-prompt").count() == 1
    status = cell.output.locator(".lk-verdict")
    for number, (given, expected) in enumerate({answer + 1: "wrong", answer: "right"}.items()):
        cell.type(f'problem = draw("{name}", seed={seed})\nproblem.check({given})').has(3 + number)
        assert status.get_attribute("data-status") == expected
        assert page.evaluate("window.solved.length") == number
    assert page.evaluate("window.solved[0]") == {"name": name, "seed": seed}


def test_an_error_ends_the_run_and_shows_the_cells_own_lines(page: Page, base: str) -> None:
    bar = opened(page, base + LABS["ko"])
    first = Cell(page, "setup").type("def half(n):\n    return n / 0\n\nhalf(3)", "Escape")
    act(bar, "all")
    first.has(1).shows("ZeroDivisionError")
    said = first.output.inner_text()
    assert 'File "<셀 1>", line 4' in said
    assert "return n / 0" in said
    assert "lab_kernel" not in said
    Cell(page, "frames-run").has(" ")
    first.type("input()").has(2).shows("input(): ")
    first.type("draw??\n").has(3)
    first.type("from lab_kernel.exercises import draw\ndraw??").has(4).shows("def draw(name: str")
    first.type("def deep(n): return deep(n + 1)\ndeep(0)").has(5).shows("RecursionError")
    first.type("half(3)").has(6).shows("<셀 1>")  # Python is still the same one


def test_stop_an_endless_loop_and_go_on(page: Page, base: str) -> None:
    bar = opened(page, base + LABS["en"])
    Cell(page, "setup").type("kept = 7").has(1)
    loop = Cell(page, "frames-run").type("print('begun')\nwhile True: pass").shows("begun")
    waiting = Cell(page, "frames-share").do("run").has("*")
    act(bar, "stop")
    for cell in (loop, waiting, Cell(page, "setup")):
        cell.has(" ")
    sync_api.expect(bar.locator(".lab-told")).to_contain_text("variables are gone")
    assert loop.output.inner_text().strip() == "begun"
    loop.type("kept").has(1).shows("NameError")
    loop.type("while True: print('more')").shows("more")
    act(bar, "stop")
    act(bar, "again")
    Cell(page, "setup").has(1)
    loop.type("kept").has(2).shows("7")


def test_changes_outlive_a_reload_and_reset_undoes_them(page: Page, base: str) -> None:
    bar = opened(page, base + LABS["en"])
    cell = Cell(page, "frames-run")
    original, published = cell.code.inner_text(), cell.output.inner_text()
    cell.type("x = 'mine'\nx", "Alt+Enter").has(1)
    added = Cell(page, "")
    sync_api.expect(added.code).to_be_focused()
    page.keyboard.insert_text("x * 2")
    page.keyboard.press("Control+Enter")
    added.has(2).shows("minemine")

    bar = opened(page, base + LABS["en"])
    assert cell.code.inner_text() == "x = 'mine'\nx"
    assert added.code.inner_text() == "x * 2"
    cell.do("run").has(1)
    page.once("dialog", lambda dialog: dialog.dismiss())
    act(bar, "reset")
    assert cell.code.inner_text() == "x = 'mine'\nx"
    page.once("dialog", lambda dialog: dialog.accept())
    act(bar, "reset")
    sync_api.expect(added.block).to_have_count(0)
    assert cell.code.inner_text() == original
    assert cell.output.inner_text() == published
    cell.has(" ").do("add")
    added.type("x").has(1).shows("NameError")
    added.do("remove")
    sync_api.expect(added.block).to_have_count(0)
    assert page.evaluate("sessionStorage.length") == 0


def test_the_keyboard_alone(page: Page, base: str) -> None:
    page.goto(base + LABS["en"], wait_until="networkidle")
    page.locator(".lab-here").press("Enter")
    first, second = Cell(page, "setup"), Cell(page, "frames-run")
    first.code.wait_for()
    run = first.block.locator("[data-do='run']")
    sync_api.expect(run).to_be_focused()
    page.keyboard.press("Shift+Tab")
    sync_api.expect(first.code).to_be_focused()
    page.keyboard.press("Shift+Enter")
    sync_api.expect(second.code).to_be_focused()
    first.has(1)
    page.keyboard.press("Tab")  # indents
    sync_api.expect(second.code).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+Enter")
    second.has(2)
    sync_api.expect(second.code).to_be_focused()
    page.keyboard.press("Escape")
    sync_api.expect(second.block.locator("[data-do='run']")).to_be_focused()
    page.keyboard.press("ArrowUp")
    sync_api.expect(run).to_be_focused()
    for _press in range(3):  # past this cell's buttons
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.lab-cell') === null")
    run.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # all above the first: nothing
    first.has(1)


def test_a_defect_of_ours_is_shown_and_python_starts_anew(page: Page, base: str) -> None:
    bar = opened(page, base + LABS["en"])
    cell = Cell(page, "setup")
    cell.type("from lab_kernel import live\nlive._DO.clear()").has(1)
    cell.do("run")
    sync_api.expect(cell.output.locator(".lab-error")).to_contain_text("KeyError: 'run'")
    sync_api.expect(bar.locator(".lab-told")).to_contain_text("broke down")
    cell.type("6 * 7").has(1).shows("42")


def test_when_python_cannot_start_the_bar_says_so_and_the_next_run_tries_again(
    page: Page, base: str
) -> None:
    page.context.route("**/runtime.json", lambda route: route.abort())  # the worker's, too
    bar = opened(page, base + LABS["en"])
    sync_api.expect(bar.locator(".lk-state p")).to_contain_text("could not be started")
    page.context.unroute("**/runtime.json")
    Cell(page, "frames-run").type("6 * 7").has(1).shows("42")


def test_without_the_editor_the_cells_run(page: Page, base: str) -> None:
    page.context.route("**/editor/codemirror-view.js", lambda route: route.abort())
    page.goto(base + LABS["en"], wait_until="networkidle")
    page.click(".lab-here")
    sync_api.expect(page.locator(".lab-told")).to_contain_text("editor could not be loaded")
    Cell(page, "setup").do("run").has(1)
    Cell(page, "frames-run").do("run").has(2).shows("5)")
