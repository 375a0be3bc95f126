"""Reading an answer such as 5/7."""

from __future__ import annotations

import re
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.language import _


def pair(given: Any) -> str:
    """Two counts, good and all of them, as ``5/7``; not reduced."""
    found = re.fullmatch(r"(\d{1,9})\s*(?:/|\s|of)\s*(\d{1,9})", str(given).strip())
    if found is None:
        message = _("“{given}” is not two counts such as 5/7").format(given=given)
        raise BadInput("answer", message)
    return f"{int(found[1])}/{int(found[2])}"
