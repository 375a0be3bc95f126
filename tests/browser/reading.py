"""What a reader does to a page, for the tests that judge what is then shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from playwright.sync_api import Page

Scheme = Literal["light", "dark"]
SCHEMES: dict[Scheme, str] = {"light": "default", "dark": "slate"}


def shown_in(page: Page, scheme: Scheme, *, wait: bool = True) -> None:
    """In the reader's scheme, without movement: half a fade is a colour that nobody chose."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    if wait:
        name = SCHEMES[scheme]
        page.wait_for_function(f"document.body.dataset.mdColorScheme === '{name}'")


def read(page: Page) -> None:
    """Go through the page: what it makes ready for a reader who is near is then ready."""
    page.evaluate(
        """async () => {
          const frame = () =>
            new Promise((shown) => requestAnimationFrame(() => setTimeout(shown)));
          for (const code of document.querySelectorAll("pre > code")) {
            code.scrollIntoView({ behavior: "instant", block: "center" });
            await frame();
          }
          scrollTo({ top: 0, behavior: "instant" });
          await frame();
        }"""
    )
