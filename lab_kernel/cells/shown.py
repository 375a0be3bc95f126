"""What a value shows of itself: IPython's display protocol, as far as a page needs it.

``_repr_mimebundle_`` is asked first, then ``_repr_html_``, ``_repr_svg_`` and
``_repr_markdown_``; text there is always. Pictures in bytes, LaTeX and JavaScript are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from typing import Any

from lab_kernel.cells.pretty import pretty
from lab_kernel.exercises import Verdict
from lab_kernel.explore import Explorable
from lab_kernel.figures.palette import without_stylesheet
from lab_kernel.language import _

LONGEST = 1_000_000  # characters that one cell may print, or one value
Tell = Callable[[dict[str, Any]], object]

_METHODS = {
    "text/html": "_repr_html_",
    "image/svg+xml": "_repr_svg_",
    "text/markdown": "_repr_markdown_",
}
_tell: Tell | None = None


@contextmanager
def to(tell: Tell) -> Iterator[None]:
    """What is displayed inside the ``with`` block is told to ``tell``."""
    global _tell
    before, _tell = _tell, tell
    try:
        yield
    finally:
        _tell = before


def tell(output: dict[str, Any]) -> None:
    """Tell the cell that runs; without one there is nobody to tell."""
    if _tell:
        _tell(output)


def display(*values: Any) -> None:
    """Show the values, one below the other, as a cell shows its last."""
    for value in values:
        output: dict[str, Any] = {"data": bundle(value)}
        if isinstance(value, Verdict) and value:
            output["solved"] = {"name": value.name, "seed": value.seed}
        tell(output)


def bundle(value: Any) -> dict[str, str]:
    """The value in every form that it has, by mime type.

    An explorable has its controls, which the page's script makes live, and a verdict its status.
    """
    text = pretty(value)
    if len(text) > LONGEST:
        text = text[:LONGEST] + "\n" + _("This is more than a page can show; the rest is left out.")
    forms: dict[str, str] = {"text/plain": text}
    if not isinstance(value, type):  # a class has the methods, but they are its objects'
        forms |= _own(value)
    if isinstance(value, Explorable):
        forms["text/html"] = value.html()
    elif isinstance(value, Verdict):
        verdict = escape(repr(value))
        forms["text/html"] = f'<p class="lk-verdict" data-status="{value.status}">{verdict}</p>'
    if "text/html" in forms:
        forms["text/html"] = without_stylesheet(forms["text/html"])
    return forms


def _own(value: Any) -> dict[str, str]:
    whole = getattr(value, "_repr_mimebundle_", None)
    if callable(whole):
        given = whole(include=None, exclude=None)
        given = given[0] if isinstance(given, tuple) else given
        if given is not None:
            return {kind: text for kind, text in given.items() if isinstance(text, str)}
    forms = {}
    for kind, method in _METHODS.items():
        make = getattr(value, method, None)
        text = make() if callable(make) else None
        text = text[0] if isinstance(text, tuple) else text
        if text is not None:
            forms[kind] = str(text)
    return forms
