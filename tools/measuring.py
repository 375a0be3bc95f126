"""How the site is measured: a host for it, Lighthouse, and clocks in Chromium's own pages.

Each function measures one thing once, in a browser that has seen nothing; ``bench_site`` repeats
and compares.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from tools import node
from tools.site import check, runtime, serve, slo
from tools.site.build import SITE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

PAGES = tuple(
    home + page for home in ("/", "/en/") for page in ("", "kernel/memory/", "labs/kernel/memory/")
)
READING = ("/kernel/memory/", "/en/kernel/memory/")
LABS = ("ko", "/labs/kernel/memory/"), ("en", "/en/labs/kernel/memory/")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE = 120_000  # ms
_TEXT = {".html", ".css", ".js", ".mjs", ".json", ".svg", ".xml", ".txt"}
# What a reader downloads when Python starts; no page may ask for it by itself.
PYTHON = ("/assets/runtime/", "/worker.js", "/lite/")

_BARE_PAGE = '<!doctype html><title>Pyodide</title><link rel="icon" href="data:,">'
_BARE = """import {{ loadPyodide }} from "{0}pyodide.mjs";
const python = await loadPyodide({{ indexURL: new URL("{0}", location.href).href }});
postMessage(python.runPython("1 + 1"));"""
_BOOT = """() => new Promise((done, fail) => {
  const begun = performance.now();
  const worker = new Worker("/bare.js", { type: "module" });
  worker.onmessage = () => done(performance.now() - begun);
  worker.onerror = (event) => fail(new Error(event.message));
})"""
# From the touch until the frame after the picture's change has been made.
_TOUCH = """(value) => new Promise((done) => {
  const block = document.querySelector("[data-explorable='kernel/memory/replacement']");
  const control = block.querySelector("select");
  new MutationObserver((_changes, watch) => {
    watch.disconnect();
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - begun)));
  }).observe(block.querySelector(".lk-pictures"), { childList: true });
  const begun = performance.now();
  control.value = value;
  control.dispatchEvent(new Event("input", { bubbles: true }));
})"""
# From the press of "run here" and of the first cell's own button until that cell has run.
_CELL = """() => new Promise((done) => {
  const begun = performance.now();
  document.querySelector(".lab-here").click();
  const ran = () => {
    const button = document.querySelector(".lab-cell [data-do=run]");
    if (button && !("asked" in button.dataset)) {
      button.dataset.asked = "";
      button.click();
    }
    const number = document.querySelector(".lab-number")?.textContent;
    if (number === "[1]") done(performance.now() - begun);
    else requestAnimationFrame(ran);
  };
  ran();
})"""


class Skipped(Exception):
    """What should be measured is not in this site; the message says what is missing."""


class Host(serve.Pages):
    """Serves as a public host does, and beside the site a page that boots Pyodide and no more."""

    def do_GET(self) -> None:
        address = self.path.partition("?")[0]
        path = Path(self.translate_path(address))
        if path.is_dir():
            path /= "index.html"
        files = f"/assets/runtime/{json.loads(runtime.MANIFEST.read_text())['at']}/"
        bare = {"/bare.html": _BARE_PAGE, "/bare.js": _BARE.format(files)}.get(address)
        if bare is not None:
            self._send(bare.encode(), "text/html" if "html" in address else "text/javascript")
        elif path.suffix in _TEXT and path.is_file():
            self._send(_compressed(path), self.guess_type(str(path)), "gzip")
        else:
            super().do_GET()

    def _send(self, body: bytes, kind: str, encoding: str = "") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.end_headers()
        self.wfile.write(body)


@cache
def _compressed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes())


@contextlib.contextmanager
def served() -> Iterator[str]:
    httpd = serve.Server((serve.HOST, 0), partial(Host, directory=str(SITE)))
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    try:
        yield f"http://{serve.HOST}:{httpd.server_port}"
    finally:
        httpd.shutdown()
        httpd.server_close()


def lighthouse(base: str, page: str, chromium: str) -> dict[str, float]:
    """The four scores of one page, of 100, with Lighthouse's own mobile settings.

    And its ``index`` of this machine's speed, which falls when something else keeps it busy.
    """
    program = node.packages(node.ROOT / "tools" / "npm", optional=True) / "lighthouse/cli/index.js"
    command = [node.program("node"), str(program), base + page, "--quiet", "--output=json"]
    command += [f"--only-categories={','.join(slo.CATEGORIES)}"]
    command += [f"--chrome-flags=--headless=new {' '.join(FLAGS)}"]
    done = subprocess.run(
        command,
        env={**os.environ, "CHROME_PATH": chromium},
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE / 1000,
    )
    try:
        report = json.loads(done.stdout)
        scores = {name: report["categories"][name]["score"] for name in slo.CATEGORIES}
        index = round(report["environment"]["benchmarkIndex"])
        return {**{name: round(100 * score) for name, score in scores.items()}, "index": index}
    except (ValueError, KeyError, TypeError):
        said = done.stderr.strip().splitlines()
        raise node.Unavailable(f"Lighthouse did not measure {page}: {said[-1:]}") from None


@contextlib.contextmanager
def fresh(browser: Browser, address: str) -> Iterator[Page]:
    """A page in a browser context that has seen nothing."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address, wait_until="networkidle")
    yield page
    context.close()


def boot(browser: Browser, base: str, turn: int) -> float:
    with fresh(browser, f"{base}/bare.html") as page:
        return float(page.evaluate(_BOOT))


def touch(browser: Browser, base: str, turn: int, warm: list[float]) -> float:
    """A control's first answer, in both languages by turns; its later ones go to ``warm``."""
    with fresh(browser, base + READING[turn % 2]) as page:
        first = float(page.evaluate(_TOUCH, "fifo"))
        page.wait_for_timeout(1000)  # the reader looks at it
        warm += [float(page.evaluate(_TOUCH, policy)) for policy in ("opt", "lru", "clock", "fifo")]
        return first


def cell(browser: Browser, base: str, turn: int) -> float:
    with fresh(browser, base + LABS[turn % 2][1]) as page:
        if not page.locator(".lab-here").count():
            raise Skipped("this site's labs have no cells that run on the page")
        return float(page.evaluate(_CELL))


def jupyterlite(browser: Browser, base: str, turn: int) -> float:
    """From following the link to JupyterLite until its first code cell has run."""
    if not (SITE / "lite" / "notebooks" / "index.html").exists():
        raise Skipped("this site has no JupyterLite")
    with fresh(browser, f"{base}/bare.html") as page:
        begun = page.evaluate("Date.now()")
        page.goto(f"{base}/lite/notebooks/index.html?path={LABS[turn % 2][0]}/kernel/memory.ipynb")
        first = page.locator(".jp-CodeCell").first
        number = first.locator(".jp-InputPrompt")
        while "*" not in number.inner_text():  # while it starts, keys may come to nothing
            first.locator(".cm-content").click()
            page.keyboard.press("Control+Enter")
            page.wait_for_timeout(100)
        number.filter(has_text=re.compile(r"\d")).wait_for()
        return float(page.evaluate("Date.now()") - begun)


def unasked(browser: Browser, base: str) -> list[str]:
    """The pages of the site that ask for Python or JupyterLite before anybody touches them."""
    found: list[str] = []
    here = ""

    def asks(request: Request) -> None:
        if here not in found and any(part in request.url for part in PYTHON):
            found.append(here)

    for one in check.Site(SITE).pages:
        if one.is_lost or any(part in one.address for part in PYTHON):
            continue
        here = one.address
        context = browser.new_context()
        page = context.new_page()
        page.on("request", asks)
        page.goto(base + here, wait_until="networkidle")
        context.close()
    return found


def chromium() -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not found:
        raise node.Unavailable("no Chromium here (Debian: apt install chromium), or say CHROMIUM=")
    return found
