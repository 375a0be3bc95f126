"""Every page as a reader gets it, once for all that is asked of it.

Nothing wrong in the console, no other host, no heavier than the gates have computed, no sideways
scrolling, and axe-core has nothing to say: light and dark, wide and narrow. A class for each
language, so that two workers share the pages.
"""

from __future__ import annotations

import contextlib
import gzip
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tools import node
from tools.site import accessibility, check, offline

from .reading import SCHEMES, read, shown_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Response

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

WIDE, NARROW = 1280, 390
LOUD = ("error", "warning")  # the console's messages that are problems
OVER = "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - innerWidth"


class Seen:
    """A page, and what has gone wrong and what was loaded since it was last opened."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.problems: list[str] = []
        self.responses: list[Response] = []
        page.on("console", lambda m: self.problems.append(m.text) if m.type in LOUD else None)
        page.on("pageerror", lambda error: self.problems.append(str(error)))
        page.on("response", lambda response: self.responses.append(response))

    def open(self, address: str) -> None:
        self.problems.clear()
        self.responses.clear()
        shown_in(self.page, "light", wait=False)
        self.width(WIDE)
        self.page.goto(address, wait_until="networkidle")

    def width(self, width: int) -> None:
        self.page.set_viewport_size({"width": width, "height": 900})

    def fits(self, what: str) -> None:
        """Not too wide, once the drawer has slid to its place."""
        with contextlib.suppress(sync_api.TimeoutError):
            self.page.wait_for_function(f"{OVER} <= 0", timeout=2_000)
        if (over := int(self.page.evaluate(OVER))) > 0:
            self.problems.append(f"{over} px too wide, {what}")

    def weighs(self) -> int:
        """Compressed, as a host sends it. The offline worker comes later, in idle time."""
        own = [response for response in self.responses if offline.WORKER not in response.url]
        return sum(len(gzip.compress(response.body())) for response in own)


@pytest.fixture
def seen(browser: Browser) -> Iterator[Seen]:
    """One page for all addresses, where each visit is a first one: no cache, no offline worker."""
    context = browser.new_context(color_scheme="light", reduced_motion="reduce")
    page = context.new_page()
    told = context.new_cdp_session(page)
    told.send("Network.enable")
    told.send("Network.setCacheDisabled", {"cacheDisabled": True})
    told.send("Network.setBypassServiceWorker", {"bypass": True})
    yield Seen(page)
    context.close()


@pytest.fixture(scope="module")
def axe() -> None:
    try:
        accessibility.script()
    except node.Unavailable as error:
        pytest.skip(str(error))


def wrong(seen: Seen, base: str, site: check.Site, one: check.Page) -> list[str]:
    """What is wrong with one page, in every setting."""
    seen.open(base + one.address)
    size = seen.weighs()
    seen.fits("wide, light")
    read(seen.page)
    found = [f"light | {each}" for each in accessibility.violations(seen.page)]
    seen.width(NARROW)
    seen.fits("narrow, light")
    shown_in(seen.page, "dark")
    seen.fits("narrow, dark")
    seen.width(WIDE)
    seen.fits("wide, dark")
    colours = accessibility.violations(seen.page, accessibility.COLOURS)
    found += [f"dark | {each}" for each in colours]
    found += [f"asks {r.url}" for r in seen.responses if not r.url.startswith(base)]
    found += seen.problems
    if one.is_lost:  # shown in place of another, at any address: its files are not by its side
        return found
    if size > (check.LAB_LIMIT if one.is_lab else check.TEXT_LIMIT):
        found.append(f"{size} bytes for a first visit")
    if not 0.98 < size / check.weight(site, one) < 1.02:  # less would be no first visit
        found.append(f"{size} bytes were loaded, {check.weight(site, one)} computed")
    return found


class Every:
    language: str

    @pytest.mark.usefixtures("axe")
    def test_page(self, seen: Seen, base: str, site: check.Site) -> None:
        pages = [one for one in site.pages if one.lang == self.language]
        assert pages
        problems = [f"{one.address} | {it}" for one in pages for it in wrong(seen, base, site, one)]
        assert not problems, "\n".join(problems)

    def test_page_of_each_kind_that_is_narrow_and_dark_from_the_start(
        self, browser: Browser, base: str
    ) -> None:
        context = browser.new_context(
            viewport={"width": NARROW, "height": 900}, color_scheme="dark"
        )
        seen = Seen(context.new_page())
        for address in ("/", "/kernel/memory/", "/labs/kernel/memory/"):
            seen.page.goto(base + ("" if self.language == "ko" else "/en") + address)
            name = SCHEMES["dark"]
            seen.page.wait_for_function(f"document.body.dataset.mdColorScheme === '{name}'")
            seen.fits(address)
        assert not seen.problems
        context.close()


class TestKorean(Every):
    language = "ko"


class TestEnglish(Every):
    language = "en"
