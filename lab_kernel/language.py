"""The reader's language.

Source strings are English; ``locale/ko`` holds the Korean catalogue. ``_`` translates at the
moment of the call, so text that is declared at import time is marked with ``N_`` and
translated when it is shown.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files

from lab_kernel.errors import BadInput

LANGUAGES = ("ko", "en")
_current = "en"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == "en":  # the source strings are English already
        return gettext.NullTranslations()
    path = files("lab_kernel") / "locale" / language / "LC_MESSAGES" / "lab_kernel.mo"
    with path.open("rb") as catalogue:  # in a wheel, too, from which the browser imports
        return gettext.GNUTranslations(catalogue)


def use_language(language: str) -> None:
    """Show everything from here on in ``"ko"`` or ``"en"``; anything else is BadInput."""
    global _current
    if language not in LANGUAGES:
        allowed = ", ".join(LANGUAGES)
        raise BadInput("language", f"{language!r} ({allowed})")
    _current = language


def current_language() -> str:
    return _current


@contextmanager
def language(name: str) -> Iterator[None]:
    """Use a language for the length of a ``with`` block."""
    before = _current
    use_language(name)
    try:
        yield
    finally:
        use_language(before)


def _(message: str) -> str:
    """The message in the current language."""
    return _catalogue(_current).gettext(message)


def N_(message: str) -> str:
    """Marks a message for the catalogue; ``_`` translates it later."""
    return message
