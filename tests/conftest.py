from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from tools.site import check

# A loaded machine is slow without being wrong, so no example is timed; and every run tries the
# same examples, so that a failure can be repeated.
settings.register_profile("suite", deadline=None, derandomize=True)
settings.load_profile("suite")


# So that a failure of what is in them shows the values.
pytest.register_assert_rewrite("tests.explored", "tests.graded")


# The builder is imported only where a test asks for the site: most tests do not need it.


@pytest.fixture(scope="session")
def site_root() -> Path:
    """The finished site, built once if anything it is made from has changed."""
    from tools.site import build

    assert build.build(), "the site does not build; what is wrong is printed above"
    return build.SITE


@pytest.fixture(scope="session")
def site(site_root: Path) -> check.Site:
    from tools.site import check

    return check.Site(site_root)
