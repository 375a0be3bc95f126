"""The two names that the kernel sets when it starts; nothing reads them."""

from __future__ import annotations

_PIPLITE_DISABLE_PYPI = True
_PIPLITE_URLS: list[str] = []
