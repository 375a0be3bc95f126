"""Pieces of sentences and controls that the rooms of this chapter share."""

from __future__ import annotations

import re
from decimal import Decimal

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.sre.slo.budget import Number, decimal, share_of

TARGETS = ("99", "99.5", "99.9", "99.95", "99.99")
OPTIONS = tuple((target, f"{target}%") for target in TARGETS)


def share(target: str) -> Decimal:
    """``99.9`` as 0.999."""
    return Decimal(target) / 100


def percent(part: Number, digits: int = 2) -> str:
    """A share as people write it."""
    return decimal(100 * part, digits) + "%"


def target(text: str) -> str:
    """A target in percent, as a person writes it; BadInput for 100 and more."""
    word = text.strip().rstrip("%")
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,7})?", word):
        message = _("“{value}” is no share in percent, such as 99.9")
        raise BadInput("target", message.format(value=text))
    try:
        share_of(share(word))
    except BadInput as error:
        if share(word) == 1:
            message = _("100% leaves no error budget: nothing could be changed any more")
            raise BadInput("target", message) from error
        message = _("“{value}” is not below 100")
        raise BadInput("target", message.format(value=text)) from error
    return word
