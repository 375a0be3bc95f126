"""The finished site, built once if anything it is made from has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.site import build, check


@pytest.fixture(scope="session")
def site_root() -> Path:
    assert build.build(), "the site does not build; what is wrong is printed above"
    return build.SITE


@pytest.fixture(scope="session")
def site(site_root: Path) -> check.Site:
    return check.Site(site_root)
