"""What was solved: kept in the browser, shown, saved, loaded, erased, and sent nowhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from lab_kernel import exercises

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Dialog, Locator, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

KEY = "kernel-lab.progress.1"
QUIZ = "kernel/memory/faults"
HOMES = {"ko": "/", "en": "/en/"}
KINDS = len(exercises.names())
COUNT = {"ko": "{all}가지 중 {solved}가지 해결", "en": "{solved} of {all} solved"}
WHEN = "2026-01-02T03:04:05.678Z"


def text(solved: Any, **other: Any) -> str:
    return json.dumps({"format": "kernel-lab progress", "version": 1, "solved": solved, **other})


def kept(page: Page) -> Any:
    return json.loads(page.evaluate("key => localStorage.getItem(key)", KEY))["solved"]


def tell(page: Page, name: str, seed: int) -> None:
    """As a lab's cell does when its problem is solved."""
    page.evaluate(
        "detail => document.dispatchEvent(new CustomEvent('lk-solved', {detail}))",
        {"name": name, "seed": seed},
    )


def counts(page: Page, language: str, solved: int) -> None:
    """Wait until the first row, that of all kinds, says and draws this many."""
    wanted = COUNT[language].format(solved=solved, all=KINDS)
    row = page.locator(".lk-progress > .lk-row")
    sync_api.expect(row.locator(".lk-count")).to_have_text(wanted)
    assert row.locator("progress").evaluate("bar => bar.value") == solved


def kind(page: Page, name: str) -> Locator:
    return page.locator(f"[data-kind='{name}'] .lk-done")


def test_a_solved_problem_is_remembered(page: Page, base: str) -> None:
    language = "ko"
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.method} {request.url}"))
    page.goto(base + HOMES[language])
    counts(page, language, 0)
    page.goto(f"{base}{HOMES[language]}kernel/memory/")
    block = page.locator(f"[data-quiz='{QUIZ}']")
    mark = block.locator(".lk-solved")
    assert mark.is_hidden()
    right = exercises.draw(QUIZ, 1).answer
    for answer in (right + 1, right):
        block.locator("[name=answer]").fill(str(answer))
        block.locator("[name=answer]").press("Enter")
        status = "right" if answer == right else "wrong"
        sync_api.expect(block.locator(f".lk-verdict[data-status={status}]")).to_be_visible(
            timeout=60_000
        )
        assert mark.is_visible() == (status == "right")
    sync_api.expect(mark).to_contain_text("✓")
    solved = kept(page)
    page.reload()
    sync_api.expect(mark).to_contain_text("✓")
    assert "1" in mark.inner_text()
    page.goto(f"{base}{HOMES[language]}kernel/memory/?quiz-faults.seed=5")
    sync_api.expect(block).to_have_attribute("data-seed", "5", timeout=60_000)
    assert "✓" not in mark.inner_text()
    assert "1" in mark.inner_text()
    assert kept(page) == solved
    assert list(solved) == [QUIZ] and list(solved[QUIZ]) == ["1"]
    for spoken, home in HOMES.items():  # one record for both languages
        page.goto(base + home)
        counts(page, spoken, 1)
        sync_api.expect(kind(page, QUIZ)).to_contain_text("✓")
    assert all(request.startswith(("GET http", "GET blob:")) for request in sent)
    assert not [request for request in sent if "2026" in request or "lk-solved" in request]


def test_two_tabs_add_to_one_record(page: Page, base: str) -> None:
    home, other = page, page.context.new_page()
    home.goto(base + "/en/")
    other.goto(base + "/en/kernel/memory/")
    tell(other, QUIZ, 3)
    counts(home, "en", 1)
    tell(home, "kernel/memory/oom", 1)  # the home page knows the event, too
    # a browser's tabs see each other's writing a moment later, long before anybody solves another
    other.wait_for_function("Object.values(localStorage).some((text) => text.includes('oom'))")
    tell(other, QUIZ, 9)
    counts(home, "en", 2)
    sync_api.expect(kind(home, QUIZ)).to_have_text("✓ solved: 2")
    first = kept(home)[QUIZ]["3"]
    tell(home, QUIZ, 3)
    assert kept(home)[QUIZ]["3"] == first  # when first
    for name, seed in (("no name", 1), (QUIZ, -1), (QUIZ, 1.5), ("__proto__", 1)):
        tell(home, name, seed)
    assert {name: sorted(seeds) for name, seeds in kept(other).items()} == {
        QUIZ: ["3", "9"],
        "kernel/memory/oom": ["1"],
    }
    mark = other.locator(f"[data-quiz='{QUIZ}'] .lk-solved")
    sync_api.expect(mark).to_have_text("Solved of this kind: 2")


@pytest.mark.parametrize("language", HOMES)
def test_saved_erased_and_loaded(page: Page, base: str, language: str, tmp_path: Path) -> None:
    page.goto(base + HOMES[language])
    page.evaluate(
        "([key, text]) => localStorage.setItem(key, text)",
        [KEY, text({QUIZ: {"7": WHEN, "8": WHEN}})],
    )
    page.reload()
    counts(page, language, 1)
    with page.expect_download() as downloading:
        page.locator(".lk-save").click()
    name = downloading.value.suggested_filename
    assert name == page.evaluate(
        "`kernel-lab-progress-${new Date().toLocaleDateString('sv')}.json`"
    )
    saved = tmp_path / name
    downloading.value.save_as(saved)
    whole = json.loads(saved.read_text(encoding="utf-8"))
    assert whole["version"] == 1
    assert whole["saved"].endswith("Z")
    assert whole["solved"] == {QUIZ: {"7": WHEN, "8": WHEN}}

    dialog = page.locator(".lk-progress dialog")
    for leave in (lambda: page.keyboard.press("Escape"), dialog.locator("[value=keep]").click):
        page.locator(".lk-erase").click()
        sync_api.expect(dialog).to_be_visible()
        leave()
        sync_api.expect(dialog).to_be_hidden()
        counts(page, language, 1)
    page.locator(".lk-erase").click()
    dialog.locator("[value=erase]").click()
    counts(page, language, 0)
    assert page.evaluate("key => localStorage.getItem(key)", KEY) is None
    note = page.locator(".lk-note")
    sync_api.expect(note).not_to_be_empty()

    tell(page, QUIZ, 7)
    tell(page, "kernel/memory/oom", 2)
    page.locator(".lk-progress input[type=file]").set_input_files(saved)
    sync_api.expect(note).to_contain_text("1")  # number 7 was solved again: 8 alone is new
    counts(page, language, 2)
    assert kept(page)[QUIZ] == {"7": WHEN, "8": WHEN}  # the earlier date is the first

    before = kept(page)
    words = {"ko": "저장한 파일이 아닙니다", "en": "no file that was saved here"}[language]
    bad = {
        "text": "hello",
        "list": "[]",
        "null": "null",
        "other": json.dumps({"solved": {QUIZ: {"1": WHEN}}}),
        "later": text({QUIZ: {"1": WHEN}}, version=2),
        "hollow": text(None),
        "large": " " * 5_000_001,
    }
    for name, content in bad.items():
        note.evaluate("note => note.textContent = ''")
        path = tmp_path / f"{name}.json"
        path.write_text(content, encoding="utf-8")
        page.locator(".lk-progress input[type=file]").set_input_files(path)
        sync_api.expect(note).to_contain_text(words)
        assert kept(page) == before, name


FOREIGN = (
    "{",
    "null",
    "[1]",
    text("x"),
    text({QUIZ: None, "x": {"1": WHEN}, "a/b": {"-1": WHEN, "1": 5, "2": None, "3": {}}}),
    text({QUIZ: {"1": "yesterday", "__proto__": WHEN}, "__proto__": {"1": WHEN}}),
)


def test_foreign_content_counts_for_nothing(page: Page, base: str) -> None:
    page.goto(base + "/en/")
    for content in FOREIGN:
        page.evaluate("([key, text]) => localStorage.setItem(key, text)", [KEY, content])
        page.reload()
        counts(page, "en", 0)
        tell(page, QUIZ, 1)
        counts(page, "en", 1)
        assert list(kept(page)) == [QUIZ], content
        assert page.locator(".lk-unkept").is_hidden(), content


@pytest.mark.parametrize("deny", ["getItem", "setItem", "all"])
def test_a_browser_that_keeps_nothing(browser: Browser, base: str, deny: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    refuse = "() => { throw new DOMException('denied', 'SecurityError') }"
    page.add_init_script(
        f"Object.defineProperty(window, 'localStorage', {{ get: {refuse} }})"
        if deny == "all"
        else f"Storage.prototype.{deny} = function (key) {{ if (key === '{KEY}') ({refuse})() }}"
    )
    page.goto(base + "/en/")
    counts(page, "en", 0)
    told = page.locator(".lk-unkept")
    assert told.is_visible() == (deny != "setItem")  # that one shows when something is solved
    tell(page, QUIZ, 1)
    tell(page, QUIZ, 2)
    counts(page, "en", 1)
    sync_api.expect(kind(page, QUIZ)).to_have_text("✓ solved: 2")
    sync_api.expect(told).to_be_visible()
    page.locator(".lk-erase").click()
    page.locator(".lk-progress dialog [value=erase]").click()
    counts(page, "en", 0)
    context.close()


@pytest.mark.parametrize("language", HOMES)
def test_the_home_page_reads_without_scripts_and_stays_light(
    browser: Browser, base: str, language: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(base + HOMES[language])
    block = page.locator(".lk-progress")
    assert block.locator("[data-kind]").count() == KINDS
    sync_api.expect(block.locator("> .lk-row .lk-count")).to_have_text(
        COUNT[language].format(solved=0, all=KINDS)
    )
    assert block.locator("button:visible").count() == 0
    assert block.locator("dialog, .lk-unkept, input").locator("visible=true").count() == 0
    context.close()


def test_the_home_page_loads_no_more_than_it_needs(page: Page, base: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(base + "/", wait_until="networkidle")
    scripts = sorted(url.split("/")[-1] for url in asked if "/assets/live/" in url)
    assert scripts == ["overview.js", "progress.js"]


def test_the_erase_button_is_reached_by_keyboard(page: Page, base: str) -> None:
    dialogs: list[Dialog] = []
    page.on(
        "dialog", lambda dialog: dialogs.append(dialog)
    )  # none of the browser's own: they speak its language
    page.goto(base + "/en/")
    tell(page, QUIZ, 1)
    page.locator(".lk-erase").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.value") == "keep"  # the harmless one first
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    counts(page, "en", 0)
    assert page.evaluate("document.activeElement.matches('.lk-erase')")
    assert not dialogs
