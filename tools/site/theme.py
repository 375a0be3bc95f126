"""The theme, where it has to be other than it comes: lighter to load, and named for all ears."""

from __future__ import annotations

import re
from pathlib import Path

from mkdocs.exceptions import PluginError

from lab_kernel.figures.palette import STYLESHEET

# Pictures carry their stylesheet wherever they go; on the site they share this one file.
FIGURES, FIGURES_CSS = "assets/figures.css", STYLESHEET

_SCRIPT = {
    # The whole search index would come with every page, and it grows with every chapter. The
    # script knows how to wait for the reader to open the search (for files without a server).
    '(location.protocol!=="file:"),': "(!1),",
    # The copy button of a block of code is no place to navigate to.
    'x("nav",{class:"md-code__nav"})': 'x("div",{class:"md-code__nav"})',
    # Turns off every transition while colours change, which styles the whole page twice. While it
    # loads nobody sees colours change.
    'document.body.setAttribute("data-md-color-switching","")': (
        'document.readyState==="complete"&&document.body.setAttribute("data-md-color-switching","")'
    ),
    # The build has put tables where they can be scrolled: moved about on the page, each of them
    # styles the whole article anew.
    '...M("table:not([class])",e).map(i=>ti(i)),': "",
    # What has a tooltip is made ready when it is near the screen, as code is (content.lazy):
    # a screen ahead, so that whoever walks by Tab meets all of it.
    "{threshold:0}": '{rootMargin:"100% 0px"}',
    ".map(i=>Xe(i,{viewport$:r}))": ".map(i=>mt(i).pipe(g(n=>n),Ee(1),b(()=>Xe(i,{viewport$:r}))))",
    # Each word about the scheme styles the whole page, also when it is the same. This element is
    # in overrides/main.html, with what most readers will have.
    'let o=x("meta",{name:"color-scheme"});document.head.appendChild(o);': (
        'let o=document.head.querySelector("meta[name=color-scheme]");'
    ),
    "return o.content=a.colorScheme,": (
        "return o.content===a.colorScheme||(o.content=a.colorScheme),"
    ),
}
# A nested navigation is labelled by an icon, or by an element that is not there when its section
# has one page. Its own title, a line further down, is the name that it should have.
_NESTED = re.compile(
    r'aria-labelledby="(__nav_\w+)_label"([^>]*>\s*<label class="md-nav__title") for="\1"'
)

# Names, punctuation, operators and spaces in code have the text's own colour, or nearly, and are
# two thirds of its elements: a page of many programs is slower by each of them.
_UNCOLOURED = re.compile(r'<span class="(?:n|o|p|w)">([^<]*)</span>')

_TABLE = re.compile(r"<table>(.*?)</table>", re.DOTALL)

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


def colour_less_code(html: str) -> str:
    return _UNCOLOURED.sub(r"\1", html)


def let_tables_scroll(html: str) -> str:
    """What the theme's script would do with each table that says nothing of its own looks."""
    before = '<div class="md-typeset__scrollwrap"><div class="md-typeset__table"><table>'
    return _TABLE.sub(lambda found: f"{before}{found[1]}</table></div></div>", html)


def adapt_script(site: Path) -> None:
    """Turn what has to be turned. Pinned to the theme's version: another script stops the build."""
    scripts = list((site / "assets" / "javascripts").glob("bundle.*.min.js"))
    text = scripts[0].read_text(encoding="utf-8") if len(scripts) == 1 else ""
    for theirs, ours in _SCRIPT.items():
        if text.count(theirs) != 1:
            raise PluginError(f"{__name__} does not know this version of the theme's script")
        text = text.replace(theirs, ours)
    scripts[0].write_text(text, encoding="utf-8")


def name_navigations(html: str) -> str:
    return _NESTED.sub(r'aria-labelledby="\1_title"\2 id="\1_title" for="\1"', html)
