"""Explorables: declared once, shown on three surfaces.

An explorable is a name, a question to predict first, a few controls and a function from their
values to a View. The same declaration is a widget in a notebook, a picture on a page and an SVG
file from the command line; none of them knows how it is drawn.

    @explorable("kernel/memory/curve", title=N_("..."), predict=N_("..."), controls=(...))
    def curve(policy: str, frames: int) -> View: ...

In a notebook: ``explore("kernel/memory/curve", frames=4)``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.explore.controls import Choice, Control, Toggle, Whole, Words
from lab_kernel.explore.form import form
from lab_kernel.figures import Figure
from lab_kernel.language import _
from lab_kernel.registry import Registry

__all__ = [
    "Choice",
    "Control",
    "Explorable",
    "Toggle",
    "View",
    "Whole",
    "Words",
    "explorable",
    "explore",
    "load",
    "names",
]


@dataclass(frozen=True)
class View:
    """What an explorable shows for one state of its controls.

    ``figures`` are drawn one below the other; ``says`` is the result in one sentence, for eyes
    and for screen readers alike. ``numbers`` is the result in figures, by name, for a table of
    many states (``lab-kernel sweep``).
    """

    figures: tuple[Figure, ...]
    says: str
    numbers: Mapping[str, int | float] = field(default_factory=dict)

    def pictures(self) -> str:
        """The figures as HTML."""
        return "\n".join(figure.html() for figure in self.figures)


@dataclass(frozen=True)
class Explorable:
    """One declaration. ``title`` and ``predict`` are source strings, translated when shown."""

    name: str
    title: str
    predict: str
    controls: tuple[Control, ...]
    draw: Callable[..., View]

    def at(self, **values: Any) -> Explorable:
        """The same explorable, starting from these values."""
        read = self.values(**values)
        return replace(
            self, controls=tuple(replace(c, default=c.write(read[c.name])) for c in self.controls)
        )

    def values(self, **given: Any) -> dict[str, Any]:
        """Every control's value: those given, read and checked, and the others' defaults."""
        known = {control.name for control in self.controls}
        for name in given:
            if name not in known:
                raise BadInput(
                    name,
                    _("{title} has no such control; it has: {allowed}").format(
                        title=_(self.title), allowed=", ".join(sorted(known)) or "-"
                    ),
                )
        return {c.name: c.read(given.get(c.name, c.default)) for c in self.controls}

    def view(self, **given: Any) -> View:
        """Draw the state; BadInput names the control that is wrong."""
        return self.draw(**self.values(**given))

    def command(self) -> str:
        """The command line that draws this very state."""
        options = (f"--{c.name} {_quoted(str(c.default))}" for c in self.controls)
        return " ".join(["lab-kernel explore", self.name, *options, "--out picture.svg"])

    def call(self) -> str:
        """The lines of Python that show this very state in a notebook."""
        shown = {c.name: c.default for c in self.controls}
        shown |= {c.name: c.read(c.default) for c in self.controls if isinstance(c, Toggle)}
        values = (f"{name}={_literal(value)}" for name, value in shown.items())
        arguments = ", ".join([_literal(self.name), *values])
        return f"from lab_kernel.explore import explore\n\nexplore({arguments})"

    def settings(self) -> str:
        """The controls' values in one line."""
        return " · ".join(f"{_(c.label)}: {c.shown(c.read(c.default))}" for c in self.controls)

    def html(self, lab: str = "", /, **given: Any) -> str:
        """The state as static HTML for a page: question, controls, pictures, result, commands.

        ``lab`` is the address of where a lab shows it, if one does.
        """
        shown = self.at(**given)
        view = shown.view()
        settings = escape(shown.settings())
        return (
            f'<section class="lk-explorable" data-explorable="{escape(self.name)}"'
            f' aria-label="{escape(_(self.title))}">\n'
            f'<p class="lk-title">{escape(_(self.title))}</p>\n'
            f'<p class="lk-predict"><strong>{escape(_("Predict first."))}</strong>'
            f" {escape(_(self.predict))}</p>\n"
            + form(shown.controls)
            + (f'<p class="lk-settings">{settings}</p>\n' if settings else "")
            + f'<div class="lk-pictures">{view.pictures()}</div>\n'
            f'<p class="lk-says" role="status">{escape(view.says)}</p>\n'
            + _elsewhere(shown, lab)
            + "</section>"
        )

    def picture_html(self) -> str:
        """The controls' values, the pictures and the result sentence."""
        view = self.view()
        settings = escape(self.settings())
        return (
            (f'<p class="lk-settings">{settings}</p>\n' if settings else "")
            + f"{view.pictures()}\n"
            + f'<p class="lk-says" role="status">{escape(view.says)}</p>'
        )

    def __repr__(self) -> str:
        return f"{_(self.title)}: {self.view().says}"

    def _repr_mimebundle_(self, **_ignored: Any) -> dict[str, Any]:
        from lab_kernel.explore import widgets

        static = {"text/plain": repr(self), "text/html": self.picture_html()}
        return static | widgets.live_view(self)


_registry: Registry[Explorable] = Registry(__name__, "explorable")


def explorable(
    name: str, *, title: str, predict: str, controls: tuple[Control, ...] = ()
) -> Callable[[Callable[..., View]], Callable[..., View]]:
    """Declare the decorated function as an explorable; mark its texts with ``N_``."""

    def declare(draw: Callable[..., View]) -> Callable[..., View]:
        _registry.declare(name, Explorable(name, title, predict, controls, draw))
        return draw

    return declare


def names(room: str = "") -> list[str]:
    """Every explorable, or those of a section (``kernel``) or of a topic (``kernel/memory``)."""
    return _registry.names(room)


def load(name: str) -> Explorable:
    """The explorable by this name; BadInput names those there are."""
    return _registry.find(name)


def explore(name: str, **values: Any) -> Explorable:
    """For a notebook cell: the explorable, starting from these values, with live controls."""
    return load(name).at(**values)


def _elsewhere(shown: Explorable, lab: str) -> str:
    """Where this state can be had besides the page: the command line, a notebook, the lab."""
    link = f'<p class="lk-lab"><a href="{escape(lab)}">{escape(_("Open this in the lab"))}</a></p>'
    return (
        '<div class="lk-elsewhere"><details class="lk-command">'
        f"<summary>{escape(_('Use it elsewhere'))}</summary>\n"
        f"<p>{escape(_('On the command line:'))}</p>\n"
        f'<pre class="lk-shell"><code>{escape(shown.command())}</code></pre>\n'
        f"<p>{escape(_('In a notebook:'))}</p>\n"
        f'<pre class="lk-call"><code>{escape(shown.call())}</code></pre></details>\n'
        f"{link if lab else ''}</div>\n"
    )


def _literal(value: Any) -> str:
    """As Python writes it, texts in double quotes."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def _quoted(value: str) -> str:
    return value if value.replace(",", "").replace("-", "").isalnum() else f"'{value}'"
