"""The finished site behind a server, and Chromium: one of each for all modules of a worker."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tools.site import serve

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

BOOT = 60_000  # ms: a plain boot on a machine with other work
# Where these are on, the address bar draws two pages of its own for each new context, which takes
# longer than the page that is tested. Chromium takes the last such list, so Playwright's is in it.
_BAR = "WebUIOmniboxPopup,WebUIOmniboxAimPopup"
_PLAYWRIGHT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync,DestroyProfileOnBrowserClose,HttpsUpgrades,"
    "HttpsFirstBalancedModeAutoEnable,LensOverlay,MediaRouter,PaintHolding,"
    "ThirdPartyStoragePartitioning,AvoidCorsURLLoaderRestartOnRedirect,TcpPortRandomizationWin,"
    "OptimizationHints,NetworkTimeServiceQuerying,AimEnabled,PreconnectToSearch"
)
ARGUMENTS = [
    f"--disable-features={_BAR},{_PLAYWRIGHT}",
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking"),
    # no other host can be reached, not even by a worker that no test sees; lab.test is this one
    # by a name that is not secure over plain http
    "--host-resolver-rules=MAP lab.test 127.0.0.1, MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
# a test is told of the requests of service workers, and may answer them
os.environ.setdefault("PW_EXPERIMENTAL_SERVICE_WORKER_NETWORK_EVENTS", "1")


@pytest.fixture(scope="package")
def base(site_root: Path) -> Iterator[str]:
    httpd = serve.server(0)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()
    httpd.server_close()


# Of the package and not of the session: while Playwright is there, asyncio.run() is refused.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    if not chromium:
        pytest.skip("no Chromium here (Debian: apt install chromium)")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser, base: str) -> Iterator[Page]:
    """A cold page: nothing cached, and nothing but this machine can be reached."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    blocked: list[str] = []

    def only_here(route: Route) -> None:
        if route.request.url.startswith((base, base.replace("127.0.0.1", "lab.test"))):
            route.continue_()
        else:
            blocked.append(route.request.url)
            route.abort()

    context.route("**/*", only_here)
    page = context.new_page()
    page.set_default_timeout(BOOT)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not blocked
    assert not errors
