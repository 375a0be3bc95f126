"""The site with its host switched off, half updated, or of the next release: in Chromium."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tools.site import lite, offline, serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

NAME = "kernel/memory/replacement"
BOOT = 60_000  # ms: a plain boot on a machine with other work
# Ask the worker as the page's script does, and wait until it has done it.
ASK = """async (what) => {
  const { active } = await navigator.serviceWorker.ready;
  while (active.state === "activating") await new Promise((r) => setTimeout(r, 10));
  const { port1, port2 } = new MessageChannel();
  const told = new Promise((resolve) => (port1.onmessage = ({ data }) => resolve(data)));
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  active.postMessage({ do: what, loaded }, [port2]);
  return told;
}"""
# A newer worker is looked for; wait until it has brought its release, or given up.
UPDATE = """async () => {
  const registration = await navigator.serviceWorker.ready;
  await registration.update().catch(() => {});
  const fresh = registration.installing ?? registration.waiting ?? registration.active;
  while (!["installed", "activated", "redundant"].includes(fresh.state)) {
    await new Promise((r) => fresh.addEventListener("statechange", r, { once: true }));
  }
  return fresh.state;
}"""


class Host:
    """A host that can go down, lose files, and put another release in place of this one."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.below = "/repo"  # a site may live below a path
        self.down = False
        self.broken: set[str] = set()  # sent with other contents
        self.asked: list[str] = []

    def handler(self) -> Callable[..., SimpleHTTPRequestHandler]:
        host = self

        class Pages(SimpleHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.removeprefix(host.below).split("?")[0]
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

            def end_headers(self) -> None:
                self.send_header(
                    "Cache-Control", "no-cache"
                )  # the worker is tried, not the browser
                super().end_headers()

            def translate_path(self, path: str) -> str:
                self.directory = str(host.root)
                return super().translate_path(path)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Pages


@pytest.fixture
def host(request: pytest.FixtureRequest, site_root: Path) -> Host:
    host = Host(site_root)
    host.below = getattr(request, "param", host.below)
    return host


@pytest.fixture
def base(host: Host) -> Iterator[str]:
    httpd = serve.Server((serve.HOST, 0), host.handler())
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_port}{host.below}"
    httpd.shutdown()
    httpd.server_close()


@pytest.fixture
def context(browser: Browser, base: str) -> Iterator[BrowserContext]:
    """A reader's browser. Whatever a page or the worker asks, it asks this machine."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    elsewhere: list[str] = []

    def watch(request: Any) -> None:
        # JupyterLite asks the host's root whether its worker lives, wherever the site is
        heartbeat = request.url.endswith("/api/service-worker-heartbeat")
        if not heartbeat and not request.url.startswith((base, "data:", "blob:")):
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


@pytest.mark.parametrize("host", [""], indirect=True, ids=["root"])  # as the offline page has it
def test_after_a_visit_the_network_may_go(page: Page, host: Host, base: str) -> None:
    visit(page, f"{base}/en/kernel/memory/")
    assert not [path for path in host.asked if "assets/runtime/" in path], (
        "nobody has asked for Python"
    )
    works(page)
    sync_api.expect(page.locator(".lk-state p").first).to_have_text("")
    page.evaluate(ASK, "visited")
    assert snapshots(page) == ["kernel"]
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
    styled = "getComputedStyle(document.querySelector('.md-header')).position"
    assert page.evaluate(styled) == "sticky"
    host.down = False
    page.click(".lab-lost a[href='']")
    page.wait_for_function("document.querySelector('.lab-lost') === null")


def test_a_python_that_started_before_the_worker_is_kept_with_its_own_snapshot(
    page: Page, base: str
) -> None:
    page.add_init_script(  # so that it starts before anything else is loaded
        "addEventListener('DOMContentLoaded', () => document.querySelector('.lab-here').click())"
    )
    page.goto(f"{base}/en/labs/containers/images/", wait_until="load")
    page.wait_for_function(  # the list of what was loaded has it a moment after it was asked for
        "performance.getEntriesByType('resource').some((it) => it.name.includes('/worker.js?'))"
    )
    page.evaluate(ASK, "visited")
    assert snapshots(page) == ["containers"]
    there = page.evaluate(STORED)["there"]
    assert any(path.endswith("pyodide.asm.wasm") for path in there)


OPENED = "window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel != null"
RUN = """async () => {
  await jupyterapp.shell.currentWidget.context.ready;
  const { session } = jupyterapp.shell.currentWidget.sessionContext;
  await session.kernel.info;
  await session.kernel.requestExecute({ code: "import lab_kernel" }).done;
  return session.kernel.name;
}"""


def test_jupyterlite_works_without_the_network_after_a_visit(
    page: Page, host: Host, base: str
) -> None:
    address = f"{base}/{lite.address('en/kernel/memory')}"
    page.goto(address)
    page.wait_for_function(OPENED)
    assert page.evaluate(RUN) == "python"
    page.evaluate(ASK, "visited")
    host.down = True
    page.goto(address)
    page.wait_for_function(OPENED)
    assert page.evaluate(RUN) == "python"


def next_release(site: Path, into: Path) -> tuple[str, str]:
    """A copy with one page's text, every page's scripts and their directory changed."""
    shutil.copytree(site, into, ignore=shutil.ignore_patterns("*.map", "service-worker.js"))
    shutil.rmtree(into / "assets" / "offline")
    old = next((into / "assets" / "live").iterdir())
    new = old.with_name("0123456789abcdef")
    old.rename(new)
    for path in into.rglob("*.html"):
        text = path.read_text(encoding="utf-8").replace(old.name, new.name)
        path.write_text(text.replace("</h1>", " (2)</h1>"), encoding="utf-8")
    with (new / "live.js").open("a") as script:
        script.write("\ndocument.documentElement.dataset.release = '2';\n")
    offline.publish(into)
    return old.name, new.name


STORED = """async () => {
  const [name] = (await caches.keys()).filter((name) => name.startsWith("kept "));
  const store = await caches.open(name);
  const release = await (await store.match(name.slice(5) + "?release")).json();
  const kept = new Set((await store.keys()).map((request) => new URL(request.url).search));
  const key = (path) => `?${release.files[path][0]}${/\\.\\w+$/.exec(path)?.[0] ?? ""}`;
  const there = Object.keys(release.files).filter((path) => kept.has(key(path)));
  const known = new Set(Object.keys(release.files).map(key));
  return { there, strange: [...kept].filter((key) => /[0-9a-f]{32}/.test(key) && !known.has(key)) };
}"""


def snapshots(page: Page) -> list[str]:
    """The sections whose snapshots are kept."""
    return [Path(path).stem for path in page.evaluate(STORED)["there"] if "snapshot" in path]


def test_a_new_release_replaces_the_old_one_whole(
    context: BrowserContext, page: Page, host: Host, base: str, tmp_path: Path
) -> None:
    visit(page, f"{base}/en/kernel/memory/")
    works(page)
    page.evaluate(ASK, "visited")
    held = page.evaluate(STORED)
    assert any("assets/runtime/" in path for path in held["there"])
    old, new = next_release(host.root, tmp_path / "site")
    host.root = tmp_path / "site"
    host.asked.clear()
    other = context.new_page()
    other.set_default_timeout(BOOT)
    visit(other, f"{base}/en/")
    assert other.evaluate(UPDATE) != "redundant"
    assert not [path for path in host.asked if "assets/runtime/" in path], (
        "unchanged, fetched again"
    )

    # the tab of the old release goes on with its own scripts, though its host has them no more
    left = page.evaluate(f"fetch('{base}/assets/live/{old}/worker.js').then((r) => r.status)")
    assert left == 200
    assert f"/assets/live/{old}/worker.js" not in host.asked
    page.goto("about:blank")
    visit(other, f"{base}/en/")
    # what the old release kept goes when its last tab has gone, a moment later
    other.wait_for_function(f"async () => !(await ({STORED})()).strange.length")
    now = other.evaluate(STORED)
    assert len(now["there"]) == len(held["there"])

    host.down = True
    for address in ("kernel/memory/", "labs/kernel/memory/", ""):
        other.goto(f"{base}/en/{address}")
        assert "(2)" in other.inner_text("h1")
        html = other.content()
        assert old not in html
    other.goto(f"{base}/en/kernel/memory/")
    assert new in other.content()
    other.wait_for_function("document.documentElement.dataset.release === '2'")
    works(other)


def test_a_half_updated_host_poisons_nothing(
    page: Page, host: Host, base: str, tmp_path: Path
) -> None:
    visit(page, f"{base}/en/kernel/memory/")
    first = host.root
    next_release(first, tmp_path / "site")
    host.root = tmp_path / "site"
    host.broken = {"/en/sre/"}  # asked for by the new worker, and not what its release says
    page.goto(f"{base}/en/devops/")
    assert "(2)" in page.inner_text("h1"), "with a network, the host's page is shown"
    assert page.evaluate(UPDATE) == "redundant"

    host.down = True
    for address in ("devops/", "sre/", "kernel/memory/"):
        answer = page.goto(f"{base}/en/{address}")
        assert answer
        assert answer.status == 200, address
        assert "(2)" not in page.inner_text("h1")
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.dataset.release") is None
    host.down, host.broken = False, set()
    page.goto(f"{base}/en/devops/")
    assert page.evaluate(UPDATE) != "redundant"
    host.down = True
    page.goto(f"{base}/en/sre/")
    assert "(2)" in page.inner_text("h1")


def test_a_first_visit_keeps_nothing_that_is_not_of_the_release(
    page: Page, host: Host, base: str
) -> None:
    host.broken = {"/en/sre/"}
    visit(page, f"{base}/en/")
    assert page.evaluate(STORED)["there"]
    assert "en/sre/index.html" not in page.evaluate(STORED)["there"]


def test_everything_is_kept_when_it_is_asked_for(page: Page, host: Host, base: str) -> None:
    """On the English home page, by keyboard; kept is the Korean part, too."""
    home, other = f"{base}/en/", f"{base}/"
    visit(page, home)
    keep, remove = page.locator("[data-keep]"), page.locator("[data-remove]")
    sync_api.expect(keep).to_contain_text("MB)")
    keep.focus()
    page.keyboard.press("Enter")
    sync_api.expect(remove).to_be_visible(timeout=BOOT)
    sync_api.expect(page.locator(".lab-offline [role=status]")).to_contain_text("MB)")
    assert keep.is_hidden()
    host.down = True
    page.goto(f"{other}kernel/memory/")
    works(page)

    page.goto(home)
    remove.click()
    sync_api.expect(keep).to_be_visible()
    assert not [path for path in page.evaluate(STORED)["there"] if "assets/runtime/" in path]
    keep.click()  # the host is down
    failed = page.locator(".lab-offline [role=status]")
    words = failed.get_attribute("data-failed") or ""
    sync_api.expect(failed).to_have_text(words, timeout=BOOT)


def test_without_scripts_there_is_no_button(browser: Browser, base: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}/en/")
    assert page.locator(".lab-offline").is_hidden()
    context.close()
