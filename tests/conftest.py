from __future__ import annotations

from hypothesis import settings

# A loaded machine is slow without being wrong, so no example is timed; and every run tries the
# same examples, so that a failure can be repeated.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")
