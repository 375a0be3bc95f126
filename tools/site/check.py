"""What must hold of every finished page. Each check returns its problems, one line each.

    python -m tools.site.check [DIRECTORY]

The checks read files only. What needs a browser (requests, console, overflow) is in tests/browser.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, unquote, urljoin, urlsplit

TEXT_LIMIT, LAB_LIMIT = 150_000, 200_000  # bytes, compressed, all that a first visit loads
_HOST = "http://site.invalid"  # stands for wherever the site is served

# (element, attribute) whose address is fetched without anybody's asking
_LOADS = {
    ("audio", "src"),
    ("embed", "src"),
    ("iframe", "src"),
    ("image", "href"),
    ("image", "xlink:href"),
    ("img", "src"),
    ("img", "srcset"),
    ("input", "src"),
    ("object", "data"),
    ("script", "src"),
    ("source", "src"),
    ("source", "srcset"),
    ("track", "src"),
    ("use", "href"),
    ("use", "xlink:href"),
    ("video", "poster"),
    ("video", "src"),
}
_LOADING_LINKS = {
    "stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch", "modulepreload",
    "manifest", "apple-touch-icon",
}  # fmt: skip
_CSS_ADDRESS = re.compile(r"""(?:url\(\s*|@import\s+)["']?([^"')\s]+)""")
# JupyterLite's own pages are no pages of ours; what they may load and open is checked all the same.
_LITE = "lite"
_IMPORT = re.compile(r"""^(?:import|export)\b[^"'()]*["'](\.[^"']+)["']""", re.MULTILINE)
# /home/user is where the simulated machine's users live.
_MACHINE_PATH = re.compile(r"(?:/home/(?!user\b)|/Users/|/root/|/work/|/tmp/)[\w.-]+|[A-Z]:\\Users")


@dataclass
class Page(HTMLParser):
    """One HTML file, read once."""

    path: Path
    address: str  # from the site's root, as a browser asks for it
    html: str
    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    metas: dict[str, str] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)  # hreflang -> address, in <head>
    switch: list[str] = field(default_factory=list)  # addresses of the language link
    lang: str = ""
    title: str = ""
    headings: int = 0
    _inside: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.html)

    def __hash__(self) -> int:
        return hash(self.path)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self._inside = tag
        if values.get("id"):
            self.ids.append(values["id"])
        for name, value in values.items():
            if (tag, name) in _LOADS:
                wanted = value.split(",") if name == "srcset" else [value]
                self.loads += [part.split()[0] for part in wanted if part.strip()]
        self.loads += _CSS_ADDRESS.findall(values.get("style", ""))
        if tag == "html":
            self.lang = values.get("lang", "")
        elif tag == "a" and "href" in values:
            self.links.append(values["href"])
            if "lab-language" in values.get("class", ""):
                self.switch.append(values["href"])
        elif tag == "link":
            kinds = set(values.get("rel", "").split())
            if kinds & _LOADING_LINKS:
                self.loads.append(values.get("href", ""))
            if "alternate" in kinds and "hreflang" in values:
                self.languages[values["hreflang"]] = values.get("href", "")
        elif tag == "meta":
            key = values.get("name") or values.get("property") or ""
            self.metas[key] = values.get("content", "")
        elif tag == "h1":
            self.headings += 1

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "title" and not self.title:
            self.title = data.strip()
        elif self._inside == "style":
            self.loads += _CSS_ADDRESS.findall(data)

    @property
    def is_lost(self) -> bool:
        """It is shown at addresses that are not its own: no page, or none that is kept."""
        return self.path.name in ("404.html", "offline.html")

    @property
    def is_lab(self) -> bool:
        return "/labs/" in self.address


class Site:
    """A directory of finished pages."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def pages(self) -> list[Page]:
        return self._read(lambda path: path.parts[0] != _LITE)

    @cached_property
    def apps(self) -> list[Page]:
        """JupyterLite's."""
        return self._read(lambda path: path.parts[0] == _LITE)

    def _read(self, wanted: Callable[[Path], bool]) -> list[Page]:
        found = []
        for path in sorted(self.root.rglob("*.html")):
            if not wanted(path.relative_to(self.root)):
                continue
            address = "/" + path.relative_to(self.root).as_posix().removesuffix("index.html")
            found.append(Page(path, address, path.read_text(encoding="utf-8")))
        return found

    @cached_property
    def at(self) -> dict[str, Page]:
        return {page.address: page for page in self.pages}

    @cached_property
    def base(self) -> str:
        """The path that the site is made to be served under: 404.html's links begin with it."""
        canonical = re.search(
            r'rel="canonical" href="([^"]+)"', self.at["/"].html if "/" in self.at else ""
        )
        return urlsplit(canonical[1]).path if canonical else "/"

    def resolve(self, page: Page, href: str) -> tuple[str, str] | None:
        """(address below the root, fragment), or None for another host."""
        start = _HOST + self.base.rstrip("/") + page.address
        whole = urlsplit(urljoin(start, href))
        if f"{whole.scheme}://{whole.netloc}" != _HOST:
            return None
        path = unquote(whole.path)
        below = path.removeprefix(self.base.rstrip("/"))
        return below, unquote(whole.fragment)

    def file(self, address: str) -> Path | None:
        path = self.root / address.lstrip("/")
        path = path / "index.html" if address.endswith("/") else path
        return path if path.is_file() else None


def links(site: Site) -> Iterator[str]:
    """Every internal link, and every part of a page that one points at, is there."""
    for page in site.pages:
        for href in sorted(set(page.links) | set(page.loads)):
            if urlsplit(href).scheme in ("mailto", "data", "javascript"):
                continue
            target = site.resolve(page, href)
            if target is None:
                continue
            address, fragment = target
            if site.file(address) is None:
                yield f"{page.address}: dead link {href}"
            elif fragment and address in site.at and fragment not in site.at[address].ids:
                yield f"{page.address}: {href} points at no part of {address}"


def apps(site: Site) -> Iterator[str]:
    """A link into JupyterLite opens a lab that is there; the apps lead only to what is there."""
    for page in site.pages:
        for href in page.links:
            target = site.resolve(page, href)
            if target and target[0].startswith(f"/{_LITE}/"):
                for lab in parse_qs(urlsplit(href).query).get("path", []):
                    if site.file(f"/{_LITE}/files/{lab}") is None:
                        yield f"{page.address}: {href} opens no lab"
    for page in site.apps:
        for href in page.links + page.loads:
            target = site.resolve(page, href)
            if target and site.file(target[0]) is None:
                yield f"{page.address}: dead link {href}"


def unique_ids(site: Site) -> Iterator[str]:
    for page in site.pages:
        for name, count in Counter(page.ids).items():
            if count > 1:
                yield f"{page.address}: id {name!r} is there {count} times"


def foreign_hosts(site: Site) -> Iterator[str]:
    """Nothing is fetched from anywhere else: by a page, a stylesheet or a picture."""
    for page in [*site.pages, *site.apps]:
        for href in page.loads:
            if urlsplit(href).scheme != "data" and site.resolve(page, href) is None:
                yield f"{page.address}: loads {href}"
        if "unpkg.com" in page.html or "cdnjs" in page.html:
            yield f"{page.address}: names a script host"
    for path in sorted([*site.root.rglob("*.css"), *site.root.rglob("*.svg")]):
        for href in _CSS_ADDRESS.findall(path.read_text(encoding="utf-8")):
            if urlsplit(href).netloc:
                yield f"{path.relative_to(site.root)}: loads {href}"


def raw_notebooks(site: Site) -> Iterator[str]:
    for page in site.pages:
        if '"nbformat"' in page.html or "nbformat_minor" in page.html:
            yield f"{page.address}: a notebook's source was published as it is"


def heads(site: Site) -> Iterator[str]:
    """Language, title, description and what a shared link shows."""
    for page in site.pages:
        language = "en" if page.address.startswith("/en/") else "ko"
        if page.lang != language:
            yield f"{page.address}: lang is {page.lang!r}, not {language!r}"
        if not page.title:
            yield f"{page.address}: no title"
        if page.is_lost:
            continue
        if page.headings != 1:
            yield f"{page.address}: {page.headings} first headings"
        for name in ("description", "og:title", "og:description", "og:url", "twitter:card"):
            if not page.metas.get(name):
                yield f"{page.address}: no {name}"
        picture = urlsplit(page.metas.get("og:image", "")).path.removeprefix(site.base)
        if site.file("/" + picture) is None:
            yield f"{page.address}: no og:image"
    described = Counter((p.lang, p.metas.get("description")) for p in site.pages if not p.is_lost)
    for (_language, text), count in described.items():
        if text and count > 1:
            yield f"{count} pages have the same description: {text}"


def languages(site: Site) -> Iterator[str]:
    """Each page has its twin, says so, and its language link leads there."""
    for page in site.pages:
        if page.is_lost:
            continue
        english = page.address.startswith("/en/")
        bare = page.address.removeprefix("/en") if english else page.address
        twin = bare if english else "/en" + bare
        if twin not in site.at:
            yield f"{page.address}: there is no {twin}"
        if [site.resolve(page, href) for href in page.switch] != [(twin, "")]:
            yield f"{page.address}: the language link leads to {page.switch}, not to {twin}"
        expected = {"ko": bare, "en": "/en" + bare, "x-default": bare}
        for code, address in expected.items():
            if not page.languages.get(code, "").endswith(address):
                yield f"{page.address}: hreflang {code} is {page.languages.get(code)!r}"


def not_found(site: Site) -> Iterator[str]:
    """What is shown at any address leads to both homes, and counts from the host."""
    for name in ("/404.html", "/offline.html", "/en/offline.html"):
        page = site.at.get(name)
        if page is None:
            yield f"there is no {name[1:]}"
            continue
        targets = {site.resolve(page, href) for href in page.links}
        for home in ("/", "/en/"):
            if (home, "") not in targets:
                yield f"{name[1:]}: no link to {home}"
        if any(not re.match("/|http|#|data:|$", href) for href in page.links + page.loads):
            yield f"{name[1:]}: a relative address breaks below the root"


def sitemaps(site: Site) -> Iterator[str]:
    """Each language's sitemap lists exactly its pages."""
    for prefix in ("/", "/en/"):
        path = site.root / prefix.strip("/") / "sitemap.xml"
        if not path.exists():
            yield f"there is no {prefix}sitemap.xml"
            continue
        listed = {
            "/" + unquote(urlsplit(where).path).removeprefix(site.base)
            for where in re.findall(r"<loc>([^<]+)</loc>", path.read_text(encoding="utf-8"))
        }
        pages = {
            page.address
            for page in site.pages
            if not page.is_lost and page.address.startswith("/en/") == (prefix == "/en/")
        }
        for address in sorted(listed ^ pages):
            yield f"{prefix}sitemap.xml and the pages differ on {address}"


def machine_paths(site: Site) -> Iterator[str]:
    """No page or notebook tells where it was built."""
    for path in sorted([*site.root.rglob("*.html"), *site.root.rglob("*.ipynb")]):
        found = _MACHINE_PATH.search(path.read_text(encoding="utf-8"))
        if found:
            yield f"{path.relative_to(site.root)}: tells a path of the machine: {found[0]}"


def weights(site: Site) -> Iterator[str]:
    """Each page, with all it loads the first time, compressed, stays within its limit."""
    for page in site.pages:
        size, limit = weight(site, page), LAB_LIMIT if page.is_lab else TEXT_LIMIT
        if size > limit:
            yield f"{page.address}: {size / 1000:.0f} kB compressed, more than {limit // 1000}"


def weight(site: Site, page: Page) -> int:
    """Bytes: the page, what it asks for, and the search's worker, which starts with the page."""
    return sum(len(gzip.compress(path.read_bytes())) for path in {page.path, *loaded(site, page)})


def loaded(site: Site, page: Page) -> set[Path]:
    """The files that a page asks for, with its search's worker and what its modules import."""
    wanted: set[Path] = set()
    settings = re.search(r'<script id="__config"[^>]*>(.*?)</script>', page.html, re.DOTALL)
    worker = [json.loads(settings[1])["search"]] if settings else []
    for href in [*page.loads, *worker]:
        target = None if href.startswith("data:") else site.resolve(page, href)
        path = site.file(target[0]) if target else None
        wanted |= {path} if path else set()
    return _with_imports(wanted)


def _with_imports(paths: set[Path]) -> set[Path]:
    """These files, and the modules that the scripts among them import before they run."""
    found: set[Path] = set()
    new = {path.resolve() for path in paths}
    while new:
        found |= new
        scripts = [path for path in new if path.suffix == ".js"]
        named = (
            (path, name) for path in scripts for name in _IMPORT.findall(path.read_text("utf-8"))
        )
        new = {(path.parent / name).resolve() for path, name in named} - found
        new = {path for path in new if path.is_file()}
    return found


CHECKS: tuple[Callable[[Site], Iterator[str]], ...] = (
    links,
    apps,
    unique_ids,
    foreign_hosts,
    raw_notebooks,
    heads,
    languages,
    not_found,
    sitemaps,
    machine_paths,
    weights,
)


def problems(root: Path) -> list[str]:
    """Everything that is wrong with the site in ``root``; an empty list is a good site."""
    site = Site(root)
    if not site.pages:
        return [f"{root} has no pages"]
    return [f"{check.__name__}: {problem}" for check in CHECKS for problem in check(site)]


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else "site")
    found = problems(root)
    print("\n".join(found) or f"{root}: {len(Site(root).pages)} pages, nothing wrong")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
