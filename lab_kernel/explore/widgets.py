"""The notebook surface: ipywidgets controls above the same pictures.

ipywidgets is optional. Without it, or outside a running kernel, an explorable shows its static
rendering alone.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from lab_kernel.errors import BadInput
from lab_kernel.explore.controls import Choice, Control, Toggle, Whole
from lab_kernel.language import _

if TYPE_CHECKING:
    from lab_kernel.explore import Explorable

VIEW = "application/vnd.jupyter.widget-view+json"


def live_view(explorable: Explorable) -> dict[str, Any]:
    """The widget part of a mime bundle, or nothing where no kernel can drive it."""
    if not explorable.controls or not _in_a_kernel():
        return {}
    try:
        import ipywidgets
    except ImportError:
        return {}
    box = build(explorable, ipywidgets)
    return {VIEW: {"version_major": 2, "version_minor": 0, "model_id": box.model_id}}


def build(explorable: Explorable, ipywidgets: Any) -> Any:
    """A VBox: one widget a control, then the picture, drawn anew at each change.

    A value that does not fit leaves the last good picture and says why above it.
    """
    inputs = {control.name: _input(control, ipywidgets) for control in explorable.controls}
    problem = ipywidgets.HTML()
    picture = ipywidgets.HTML(explorable.picture_html())

    def redraw(_change: object) -> None:
        try:
            shown = explorable.at(**{name: widget.value for name, widget in inputs.items()})
            picture.value = shown.picture_html()
            problem.value = ""
        except BadInput as error:
            problem.value = f'<p role="alert">{escape(str(error))}</p>'

    for widget in inputs.values():
        widget.observe(redraw, names="value")
    return ipywidgets.VBox([*inputs.values(), problem, picture])


def _input(control: Control, ipywidgets: Any) -> Any:
    # Labels are as long as a language makes them: let the description take the room it needs.
    look = {
        "description": _(control.label),
        "style": {"description_width": "initial"},
        "layout": {"width": "auto", "max_width": "40rem"},
    }
    if isinstance(control, Choice):
        options = [(_(label), value) for value, label in control.options]
        return ipywidgets.Dropdown(options=options, value=control.default, **look)
    if isinstance(control, Whole):
        return ipywidgets.IntSlider(
            min=control.low,
            max=control.high,
            value=control.default,
            continuous_update=False,
            **look,
        )
    if isinstance(control, Toggle):
        return ipywidgets.Checkbox(value=control.read(control.default), **look)
    return ipywidgets.Text(value=control.default, continuous_update=False, **look)


def _in_a_kernel() -> bool:
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    shell = get_ipython()
    return getattr(shell, "kernel", None) is not None
