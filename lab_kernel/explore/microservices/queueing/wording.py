"""What the sentences of this chapter share."""

from __future__ import annotations


def ms(value: float) -> str:
    """Milliseconds, with a tenth only where that counts."""
    return f"{value:,.1f}" if value < 10 else f"{value:,.0f}"
