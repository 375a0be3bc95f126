"""Pictures and problems that answer on the page, in Chromium, against CPython's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from lab_kernel import exercises, live

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Route

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

NAME = "kernel/memory/replacement"
QUIZ = "kernel/memory/faults"
BOOT = 60_000  # ms: a plain boot on a machine with other work
PAGES = {"ko": "/kernel/memory/", "en": "/en/kernel/memory/"}
# What a browser makes of HTML, to be compared with what it has in the page.
PARSED = "html => { const t = document.createElement('template'); t.innerHTML = html;" + (
    " return t.innerHTML }"
)
PYTHON = ("/assets/runtime/", "/worker.js")


def expected(language: str, **values: str) -> dict[str, Any]:
    request = {"do": "picture", "language": language, "name": NAME, "values": values}
    answer: dict[str, Any] = json.loads(live.answer(json.dumps(request)))
    return answer


def shows(page: Page, block: Locator, language: str, **values: str) -> None:
    """Wait until the block says what CPython says, then compare its pictures with CPython's."""
    wanted = expected(language, **values)
    sync_api.expect(block.locator(".lk-says")).to_have_text(wanted["says"], timeout=BOOT)
    pictures = block.locator(".lk-pictures").inner_html()
    assert pictures == page.evaluate(PARSED, wanted["pictures"])
    assert block.locator(".lk-shell code").text_content() == wanted["command"]
    assert block.locator(".lk-call code").text_content() == wanted["call"]


@pytest.mark.parametrize("language", PAGES)
def test_an_explorable_from_the_first_touch_to_reset(page: Page, base: str, language: str) -> None:
    """By mouse on the Korean page, by keyboard on the English one."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(base + PAGES[language], wait_until="networkidle")
    assert not [url for url in asked if any(part in url for part in PYTHON)]
    block = page.locator(f"[data-explorable='{NAME}']")
    if language == "ko":
        block.locator("input[type=range]").scroll_into_view_if_needed()
        box = block.locator("input[type=range]").bounding_box()
        assert box
        page.mouse.click(box["x"] + box["width"] - 3, box["y"] + box["height"] / 2)
        frames = "8"
    else:
        block.locator("input[type=range]").focus()
        page.keyboard.press("ArrowRight")
        frames = "4"
    sync_api.expect(block.locator(".lk-state p")).to_contain_text("Python")
    shows(page, block, language, frames=frames)
    assert not told, "the snapshot was not taken"
    taken = [url.rpartition("/")[2] for url in asked if url.endswith(".snapshot")]
    assert taken == ["kernel.snapshot"]
    sync_api.expect(block.locator(".lk-state p")).to_have_text("")
    assert block.locator("input[type=number]").input_value() == frames
    shared = page.url
    assert f"replacement.frames={frames}" in shared

    line = block.locator("[name=references]")
    line.fill("1,x")
    line.press("Enter")
    bad = block.locator(".lk-control:has([name=references]) .lk-bad")
    message = expected(language, references="1,x")["bad"]["message"]
    sync_api.expect(bad).to_have_text(message)
    assert line.get_attribute("aria-invalid") == "true"
    assert page.url == shared
    line.fill("1,2,1")
    line.press("Enter")
    shows(page, block, language, frames=frames, references="1,2,1")
    assert bad.is_hidden()

    shared = page.url
    block.locator("button[type=reset]").click()
    shows(page, block, language)
    assert page.url == base + PAGES[language]
    page.goto(shared)
    shows(page, block, language, frames=frames, references="1,2,1")


def test_without_the_snapshot_python_is_started_plainly(page: Page, base: str) -> None:
    """That it then answers is waited for where plain http has a broken snapshot."""
    page.context.route("**/kernel.snapshot", lambda route: route.fulfill(body="not a snapshot"))
    page.goto(base + PAGES["en"])
    with page.expect_console_message(lambda message: message.text.startswith("plain boot:")):
        page.locator(f"[data-explorable='{NAME}'] select").select_option("fifo")


def test_a_page_whose_section_has_no_snapshot_takes_that_of_all_pages(
    page: Page, base: str
) -> None:
    """Its topic is imported when it is asked for."""

    def unknown(route: Route) -> None:
        response = route.fetch()
        body = response.text().replace('data-python="kernel"', 'data-python="toString"')
        route.fulfill(response=response, body=body)

    page.context.route("**/kernel/memory/", unknown)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(base + PAGES["en"])
    block = page.locator(f"[data-explorable='{NAME}']")
    block.locator("select").select_option("fifo")
    shows(page, block, "en", policy="fifo")
    taken = [url.rpartition("/")[2] for url in asked if url.endswith(".snapshot")]
    assert taken == ["base.snapshot"]
    assert not told, "the snapshot was not taken"


def test_when_python_cannot_start_the_page_says_so_and_tries_again(page: Page, base: str) -> None:
    page.context.route("**/runtime.json", lambda route: route.abort())  # the worker's, too
    page.goto(base + PAGES["en"])
    block = page.locator(f"[data-explorable='{NAME}']")
    block.locator("select").select_option("fifo")
    sync_api.expect(block.locator(".lk-state p")).to_contain_text("could not be started")
    page.context.unroute("**/runtime.json")
    block.locator("select").select_option("opt")
    shows(page, block, "en", policy="opt")


def test_over_plain_http_the_snapshot_is_used_all_the_same(page: Page, base: str) -> None:
    """Where a page is not secure the browser has no digests; see worker.js."""
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(base.replace("127.0.0.1", "lab.test") + PAGES["en"])
    assert page.evaluate("crypto.subtle") is None
    block = page.locator(f"[data-explorable='{NAME}']")
    block.locator("select").select_option("fifo")
    shows(page, block, "en", policy="fifo")
    assert not told, "the snapshot was not taken"


def test_over_plain_http_a_broken_snapshot_is_not_used(page: Page, base: str) -> None:
    """And Python starts all the same."""

    def spoil(route: Route) -> None:
        response = route.fetch(url=route.request.url.replace("lab.test", "127.0.0.1"))
        body = bytearray(response.body())
        body[len(body) // 2] ^= 0xFF
        route.fulfill(response=response, body=bytes(body))

    page.context.route("**/kernel.snapshot", spoil)
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(base.replace("127.0.0.1", "lab.test") + PAGES["en"])
    block = page.locator(f"[data-explorable='{NAME}']")
    block.locator("select").select_option("fifo")
    shows(page, block, "en", policy="fifo")
    assert [text for text in told if text.startswith("plain boot:")]


def test_a_defect_in_python_is_told_and_nothing_is_lost(page: Page, base: str) -> None:
    language = "ko"

    def break_it(route: Route) -> None:
        response = route.fetch()
        script, sound = response.text(), "live.answer"
        assert sound in script
        broken = "lambda asked, *told: 1 // ('fifo' not in asked and '?' not in asked)"
        script = script.replace(f'{sound}"', f'{broken} and {sound}(asked, *told)"')
        route.fulfill(response=response, body=script)

    page.context.route("**/worker.js*", break_it)
    page.goto(base + PAGES[language])
    block = page.locator(f"[data-explorable='{NAME}']")
    state = block.locator(".lk-state p")
    says = "이 사이트의 결함입니다."
    before = block.locator(".lk-pictures").inner_html()
    block.locator("input[type=number]").fill("5")
    shows(page, block, language, frames="5")
    block.locator("select").select_option("fifo")
    sync_api.expect(state).to_contain_text(says, timeout=BOOT)
    sync_api.expect(state).to_contain_text("ZeroDivisionError")
    assert "Traceback" not in state.inner_text()
    assert block.locator("select").input_value() == "fifo"
    assert block.locator("input[type=number]").input_value() == "5"
    assert block.locator(".lk-pictures").inner_html() != before
    block.locator("select").select_option("clock")
    shows(page, block, language, policy="clock", frames="5")
    sync_api.expect(state).to_have_text("")

    problem = page.locator(f"[data-quiz='{QUIZ}']")
    problem.locator("[name=answer]").fill("?")
    problem.locator("[name=answer]").press("Enter")
    sync_api.expect(problem.locator(".lk-state p")).to_contain_text(says)
    assert problem.locator("[name=answer]").input_value() == "?"


def test_the_same_block_twice_on_a_page_keeps_two_states(page: Page, base: str) -> None:
    names = [f"[data-explorable='{NAME}']", f"[data-quiz='{QUIZ}']"]
    page.add_init_script(  # before the page's own scripts, which run once it is read
        f"""document.addEventListener("readystatechange", () => {{
            for (const name of document.readyState === "interactive" ? {names} : []) {{
                const block = document.querySelector(name).closest(".lab-block");
                block.after(block.cloneNode(true));
            }}
        }})"""
    )
    page.goto(base + PAGES["en"])
    first, second = page.locator(names[0]).all()
    first.locator("select").select_option("opt")
    shows(page, first, "en", policy="opt")
    second.locator("select").select_option("fifo")
    second.locator("[name=frames]").fill("5")
    shows(page, second, "en", policy="fifo", frames="5")
    shows(page, first, "en", policy="opt")
    asked = [block.locator(".lk-problem") for block in page.locator(names[1]).all()]
    for block in page.locator(names[1]).all():
        was = page.url
        block.locator(".lk-next").click()
        page.wait_for_url(lambda url, was=was: url != was)
    texts = [problem.inner_html() for problem in asked]
    page.goto(page.url)
    shows(page, first, "en", policy="opt")
    shows(page, second, "en", policy="fifo", frames="5")
    for problem, text in zip(asked, texts, strict=True):
        page.wait_for_function(
            "([problem, text]) => problem.innerHTML === text", arg=[problem.element_handle(), text]
        )
    first.locator("button[type=reset]").click()
    shows(page, first, "en")
    shows(page, second, "en", policy="fifo", frames="5")
    assert "replacement.policy" not in page.url
    assert "replacement-2.policy=fifo" in page.url


def test_a_problem_wrong_hinted_right_and_another(page: Page, base: str) -> None:
    language = "en"  # what the Korean page says to an answer, test_progress.py looks at
    page.goto(base + PAGES[language])
    block = page.locator(f"[data-quiz='{QUIZ}']")
    seed = int(block.get_attribute("data-seed") or "")

    def graded(answer: str) -> None:
        block.locator("[name=answer]").fill(answer)
        block.locator("[name=answer]").press("Enter")
        about = {"language": language, "name": QUIZ, "seed": seed, "answer": answer}
        verdict = json.loads(live.answer(json.dumps({"do": "check", **about})))
        said = verdict["bad"]["message"] if "bad" in verdict else verdict["says"]
        shown = block.locator(".lk-verdict")
        sync_api.expect(shown).to_have_text(said, timeout=BOOT, use_inner_text=False)

    right = exercises.draw(QUIZ, seed).answer
    graded(str(right + 1))
    block.locator(".lk-hint").click()
    assert block.locator("details[open]").count() == 1
    block.locator(".lk-hint").press("Enter")
    assert block.locator("details[open]").count() == 2
    graded("many")
    graded(str(right))
    assert block.locator(".lk-verdict").get_attribute("data-status") == "right"

    block.locator(".lk-next").click()
    page.wait_for_url("**quiz-faults.seed=*")
    seed = int(page.url.rpartition("=")[2])
    wanted = {"do": "problem", "language": language, "name": QUIZ, "seed": seed}
    problem = json.loads(live.answer(json.dumps(wanted)))["problem"]
    assert block.locator(".lk-problem").inner_html() == page.evaluate(PARSED, problem)
    assert block.locator("details[open]").count() == 0
    graded(str(exercises.draw(QUIZ, seed).answer))


def test_without_scripts_the_values_stand_in_words(browser: Browser, base: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(base + PAGES["en"])
    block = page.locator(f"[data-explorable='{NAME}']")
    assert block.locator("form").is_hidden()
    assert block.locator(".lk-settings").is_visible()
    assert block.locator(".lk-says").is_visible()
    assert page.locator(f"[data-quiz='{QUIZ}'] form").is_hidden()
    assert page.locator(f"[data-quiz='{QUIZ}'] details").count() == 4
    context.close()
