"""Where a page lives: its source file, its twin in the other language, its place in the repository.

The repository's address is one setting, ``LAB_REPOSITORY`` ("owner/name" or a full URL), and
``LAB_BRANCH`` (main). Without it nothing that needs it is shown.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from mkdocs.utils import get_relative_url

LANGUAGES = {"ko": "한국어", "en": "English"}
_ROOTS = {"ko": "", "en": "en/"}  # below the site's address


@dataclass(frozen=True)
class Repository:
    """``url`` has no slash at its end."""

    url: str
    branch: str

    def edit(self, source: str) -> str:
        return f"{self.url}/edit/{self.branch}/{quote(source)}"

    def binder(self, source: str) -> str | None:
        """JupyterLab with this file open on mybinder.org, which knows GitHub."""
        parts = urlsplit(self.url)
        if parts.netloc != "github.com":
            return None
        where = f"{parts.path.strip('/')}/{quote(self.branch, safe='')}"
        return f"https://mybinder.org/v2/gh/{where}?urlpath={quote('lab/tree/' + source)}"


def repository() -> Repository | None:
    """From the environment, or None."""
    address = os.environ.get("LAB_REPOSITORY", "").strip().removesuffix(".git").rstrip("/")
    if not address:
        return None
    if "://" not in address:
        address = f"https://github.com/{address}"
    return Repository(address, os.environ.get("LAB_BRANCH", "").strip() or "main")


def source(language: str, src_uri: str) -> str:
    """The file to edit: labs/ is a symlink in docs/, and its files live elsewhere."""
    if src_uri.startswith("labs/"):
        return f"labs/{language}/{src_uri.removeprefix('labs/')}"
    return f"docs/{language}/{src_uri}"


def other(language: str) -> str:
    return "en" if language == "ko" else "ko"


def below_site(language: str, url: str) -> str:
    """A page's address below the site's own, for either language."""
    return _ROOTS[language] + url.removeprefix("./")


def twin(language: str, url: str) -> str:
    """The same page in the other language, relative, so that it works under any sub-path."""
    relative = get_relative_url(below_site(other(language), url), below_site(language, url))
    return relative.rstrip("/") + "/"


def from_page(language: str, url: str, target: str) -> str:
    """The way from a page to what has an address below the site's own, its query kept."""
    path, mark, query = target.partition("?")
    return get_relative_url(path, below_site(language, url)) + mark + query
