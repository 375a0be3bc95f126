"""The page surface: an explorable's controls as the elements of an HTML form.

Every control is a native element with a label, so keyboard, touch and screen readers need no
script of ours. The site's script reads the values by the elements' names and asks
``lab_kernel.live`` for the picture.
"""

from __future__ import annotations

from html import escape

from lab_kernel.explore.controls import Choice, Control, Toggle, Whole
from lab_kernel.language import _


def form(controls: tuple[Control, ...]) -> str:
    """The form, showing each control's default; nothing when there is nothing to turn."""
    if not controls:
        return ""
    rows = "\n".join(
        f'<div class="lk-control">{_row(control)}<p class="lk-bad" role="alert" hidden></p></div>'
        for control in controls
    )
    return (
        f'<form class="lk-controls" autocomplete="off">\n{rows}\n'
        f'<button type="reset" class="md-button">{escape(_("Reset"))}</button>\n</form>\n'
    )


def _row(control: Control) -> str:
    label, name = escape(_(control.label)), escape(control.name)
    value = escape(str(control.default))
    if isinstance(control, Toggle):
        checked = " checked" if control.read(control.default) else ""
        return f'<label><input type="checkbox" name="{name}"{checked}> <span>{label}</span></label>'
    if isinstance(control, Choice):
        options = "".join(
            f'<option value="{escape(option)}"{" selected" if option == control.default else ""}>'
            f"{escape(_(text))}</option>"
            for option, text in control.options
        )
        return f'<label><span>{label}</span> <select name="{name}">{options}</select></label>'
    if isinstance(control, Whole):
        limits = f'min="{control.low}" max="{control.high}" step="1" value="{value}"'
        return (
            f'<label><span>{label}</span> <input type="number" name="{name}" {limits}></label>'
            f'<input type="range" data-turns="{name}" aria-label="{label}" {limits}>'
        )
    return (
        f'<label class="lk-wide"><span>{label}</span> <input type="text" name="{name}"'
        f' value="{value}" spellcheck="false" autocapitalize="off"></label>'
    )
