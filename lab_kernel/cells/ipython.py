"""For a cell that imports from IPython where there is none: what it most often wants of it."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

from lab_kernel.cells import shown


class _Shown:
    _kind = ""

    def __init__(self, data: str) -> None:
        self.data = data

    def _repr_mimebundle_(self, **_ignored: object) -> dict[str, str]:
        return {self._kind: self.data}


class HTML(_Shown):
    """Text that is HTML."""

    _kind = "text/html"


class Markdown(_Shown):
    """Text that is Markdown; a page shows it as it is written."""

    _kind = "text/markdown"


class SVG(_Shown):
    """A picture."""

    _kind = "image/svg+xml"


def stand_in() -> None:
    """Make ``from IPython.display import display, HTML, Markdown, SVG`` work everywhere."""
    if "IPython" in sys.modules or importlib.util.find_spec("IPython"):
        return
    package, module = ModuleType("IPython"), ModuleType("IPython.display")
    package.__path__ = []
    vars(package).update(display=module)
    vars(module).update(display=shown.display, HTML=HTML, Markdown=Markdown, SVG=SVG)
    sys.modules.update({"IPython": package, "IPython.display": module})
