"""What makes a first visit lighter."""

from __future__ import annotations

from pathlib import Path

from mkdocs.exceptions import PluginError

from lab_kernel.figures.palette import STYLESHEET

# Pictures carry their stylesheet wherever they go; on the site they share this one file.
FIGURES, FIGURES_CSS = "assets/figures.css", STYLESHEET
_AT_ONCE = '(location.protocol!=="file:"),'
_WHEN_OPENED = "(!1),"


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
