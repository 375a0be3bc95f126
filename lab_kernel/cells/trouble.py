"""An error as a learner needs it: from the cell's own line to where it happened."""

from __future__ import annotations

from pathlib import Path
from traceback import TracebackException

from lab_kernel.language import _

_OURS = str(Path(__file__).parent)


def text(error: BaseException) -> str:
    """The traceback without the frames that run the cell; BadInput is one line."""
    own = getattr(error, "_render_traceback_", None)  # IPython's hook
    if callable(own):
        return "\n".join(own())
    whole = TracebackException.from_exception(error)
    _without_ours(whole)
    told = "".join(whole.format()).rstrip("\n")
    if isinstance(error, NameError) and error.name:
        hint = _("If a cell above defines “{name}”, run that cell first.")
        told += "\n\n" + hint.format(name=error.name)
    return told


def _without_ours(part: TracebackException | None) -> None:
    """Here, in what the error came from, and in the errors that a group holds."""
    if part is None:
        return
    part.stack[:] = [frame for frame in part.stack if not frame.filename.startswith(_OURS)]
    for other in (part.__cause__, part.__context__, *(part.exceptions or ())):
        _without_ours(other)
