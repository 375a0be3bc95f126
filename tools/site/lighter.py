"""What makes a first visit lighter."""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.exceptions import PluginError

from lab_kernel.figures.palette import STYLESHEET

# Pictures carry their stylesheet wherever they go; on the site they share this one file.
FIGURES, FIGURES_CSS = "assets/figures.css", STYLESHEET
_AT_ONCE = '(location.protocol!=="file:"),'
_WHEN_OPENED = "(!1),"

_PICTURE = re.compile(r'<svg\b[^>]*\bclass="lk-figure[^>]*>')
_SIZE = re.compile(r'\bviewbox="0 0 ([\d.]+) ([\d.]+)"', re.IGNORECASE)
_SCALED = "height:auto"


def draw_pictures_when_they_are_near(html: str) -> str:
    """Each picture keeps its place, and its style and layout wait until it is near the screen.

    The theme's scripts ask for those of the whole page several times while it loads.
    """

    def later(found: re.Match[str]) -> str:
        size = _SIZE.search(found[0])
        shape = (
            f"{_SCALED};aspect-ratio:{size[1]}/{size[2]};content-visibility:auto" if size else ""
        )
        return found[0].replace(_SCALED, shape or _SCALED, 1)

    return _PICTURE.sub(later, html)


def load_the_search_when_it_is_opened(site: Path) -> None:
    """Material fetches the whole search index with every page; it grows with every chapter.

    Its script already has the way to wait for the reader to open the search (it is used for
    files without a server), so one condition is turned. Pinned to the theme's version: another
    script stops the build here.
    """
    scripts = list((site / "assets" / "javascripts").glob("bundle.*.min.js"))
    text = scripts[0].read_text(encoding="utf-8") if len(scripts) == 1 else ""
    if text.count(_AT_ONCE) != 1:
        raise PluginError(f"{__name__} does not know this version of the theme's script")
    scripts[0].write_text(text.replace(_AT_ONCE, _WHEN_OPENED), encoding="utf-8")
