"""The site with its host switched off, half updated, or of the next release: in Chromium."""

from __future__ import annotations

import functools
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tools.site import offline, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

BELOW = "/repo"  # a site may live below a path
NAME = "kernel/memory/replacement"
BOOT = 60_000  # ms: a plain boot on a machine with other work
# Ask the worker as the page's script does, and wait until it has done it.
ASK = """async (what) => {
  const { active } = await navigator.serviceWorker.ready;
  while (active.state === "activating") await new Promise((r) => setTimeout(r, 10));
  const { port1, port2 } = new MessageChannel();
  const told = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
  active.postMessage({ do: what, loaded: [] }, [port2]);
  return told;
}"""
# A newer worker is looked for; wait until it serves, or has given up.
UPDATE = """async () => {
  const registration = await navigator.serviceWorker.ready;
  await registration.update().catch(() => {});
  const fresh = registration.installing ?? registration.waiting ?? registration.active;
  while (!["activated", "redundant"].includes(fresh.state)) {
    await new Promise((r) => fresh.addEventListener("statechange", r, { once: true }));
  }
  return fresh.state;
}"""


class Host:
    """A host that can go down, lose files, and put another release in place of this one."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.down = False
        self.broken: set[str] = set()  # sent with other contents
        self.asked: list[str] = []

    def handler(self) -> Callable[..., SimpleHTTPRequestHandler]:
        host = self

        class Pages(SimpleHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.removeprefix(BELOW).split("?")[0]
                if host.down:
                    self.close_connection = True
                    self.connection.close()
                    return
                host.asked.append(path)
                if path in host.broken:
                    self.send_response(200)
                    self.send_header("Content-Type", self.guess_type(path))
                    self.end_headers()
                    self.wfile.write(b"half of it")
                    return
                self.path = path
                super().do_GET()

            def translate_path(self, path: str) -> str:
                self.directory = str(host.root)
                return super().translate_path(path)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Pages


@pytest.fixture
def host(site_root: Path) -> Host:
    return Host(site_root)


@pytest.fixture
def base(host: Host) -> Iterator[str]:
    httpd = serve.Server((serve.HOST, 0), host.handler())
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_port}{BELOW}"
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture
def context(browser: Browser, base: str) -> Iterator[BrowserContext]:
    """A reader's browser. Whatever a page or the worker asks, it asks this machine."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    elsewhere: list[str] = []

    def watch(request: Any) -> None:
        if not request.url.startswith(base):
            elsewhere.append(request.url)

    context.on("request", watch)
    yield context
    context.close()
    assert not elsewhere


@pytest.fixture
def page(context: BrowserContext) -> Page:
    page = context.new_page()
    page.set_default_timeout(BOOT)
    return page


def visit(page: Page, address: str) -> None:
    page.goto(address, wait_until="load")
    page.evaluate(ASK, "visited")


def works(page: Page) -> None:
    """An explorable of this page answers."""
    block = page.locator(f"[data-explorable='{NAME}']")
    before = block.locator(".lk-says").inner_text()
    block.locator("select").select_option("fifo")
    sync_api.expect(block.locator(".lk-says")).not_to_have_text(before, timeout=BOOT)


def test_after_a_visit_the_network_may_go(page: Page, host: Host, base: str) -> None:
    visit(page, f"{base}/en/kernel/memory/")
    assert not [path for path in host.asked if "/runtime/" in path], "nobody has asked for Python"
    works(page)
    sync_api.expect(page.locator(".lk-state p").first).to_have_text("")
    page.evaluate(ASK, "visited")
    host.down = True
    page.reload()
    works(page)

    page.goto(f"{base}/en/sre/")
    assert page.title().startswith("SRE")
    page.goto(f"{base}/en/labs/kernel/memory")  # a host would lead to the address with a slash
    page.wait_for_url("**/labs/kernel/memory/")
    page.click(".md-search__input")
    page.keyboard.type("page table")
    found = page.locator(".md-search-result__item").first
    assert "page" in found.inner_text().lower()

    answer = page.goto(f"{base}/sre/")
    assert answer
    assert answer.status == 503
    assert page.get_attribute("html", "lang") == "ko"
    styled = "getComputedStyle(document.querySelector('.lab-lost__code')).fontWeight"
    assert page.evaluate(styled) == "700"
    host.down = False
    page.click(".lab-lost a[href='']")
    page.wait_for_function("document.querySelector('.lab-lost') === null")
