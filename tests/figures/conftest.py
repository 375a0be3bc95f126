from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from lab_kernel.figures import Figure

SAMPLES = Path(__file__).with_name("samples.py")


@pytest.fixture(scope="session", params=["ko", "en"])
def pictures(request: pytest.FixtureRequest) -> dict[str, Figure]:
    """Every sort of picture, once with Korean labels and once with English ones."""
    found: dict[str, Figure] = runpy.run_path(str(SAMPLES))["samples"](request.param == "ko")
    return found
