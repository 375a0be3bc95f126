"""axe-core on a page that a browser shows: what it finds, one line each.

Every rule of WCAG 2.0 to 2.2, A and AA, and axe's best practices.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from tools import node

if TYPE_CHECKING:
    from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# what can differ when only the scheme has changed
COLOURS = ("color-contrast", "link-in-text-block")
# A picture is judged as one image. Its parts are nothing to a screen reader, and axe says itself
# that it cannot tell what is behind text in a drawing: tests/figures judges the colours. They are
# most of a page's elements, so they are taken out while it looks.
_PICTURE = "svg.lk-figure"
# (rule, start of the selector) and why it stands
_EXCUSED = {
    # The theme's explanation of a term floats outside the landmarks; a screen reader reads it
    # with its term, by aria-describedby, and cannot walk into it.
    ("region", "#__tooltip2_"),
}
_RUN = """
async ([runOnly, picture]) => {
  const parts = [...document.querySelectorAll(picture)].map((one) => [one, [...one.childNodes]]);
  for (const [one] of parts) one.replaceChildren();
  const { violations } = await axe.run({ runOnly, resultTypes: ["violations"] });
  for (const [one, own] of parts) one.replaceChildren(...own);
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => [id, target.flat().join(" "), failureSummary]));
}
"""


@cache
def script() -> str:
    """axe-core's own source; Unavailable when npm cannot bring it."""
    where = node.packages(node.ROOT / "tools/npm") / "axe-core" / "axe.min.js"
    return where.read_text(encoding="utf-8")


def violations(page: Page, rules: tuple[str, ...] = TAGS) -> list[str]:
    """Each as ``rule | selector | what would mend it``; ``rules`` are axe's tags, or its rules."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(script())
    return [
        " | ".join((rule, selector, " ".join(remedy.split())))
        for rule, selector, remedy in page.evaluate(_RUN, [rules, _PICTURE])
        if not any(rule == name and selector.startswith(it) for name, it in _EXCUSED)
    ]
