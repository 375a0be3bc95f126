"""The site's checks fail when they should: a good small site, broken in one way at a time."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tools.site import check

BASE = "http://127.0.0.1:8000/"


def page(language: str, address: str, body: str = "", head: str = "") -> str:
    bare = address.removeprefix("en/") if language == "en" else address
    depth = address.count("/")
    twin = "../" * depth + (bare if language == "en" else f"en/{bare}")
    return (
        f'<!doctype html><html lang="{language}"><head><title>{address} {language}</title>'
        f'<link rel="canonical" href="{BASE}{address}">'
        f'<link rel="alternate " hreflang="ko" href="{BASE}{bare}">'
        f'<link rel="alternate " hreflang="en" href="{BASE}en/{bare}">'
        f'<link rel="alternate " hreflang="x-default" href="{BASE}{bare}">'
        f'<meta name="description" content="about {address or "home"}">'
        + "".join(
            f'<meta property="{name}" content="x">'
            for name in ("og:title", "og:description", "og:url", "twitter:card")
        )
        + f'<meta property="og:image" content="{BASE}social.png">'
        f'<link rel="stylesheet" href="{"../" * depth}site.css">{head}</head><body>'
        f'<a class="lab-language" href="{twin or "./"}">x</a><h1 id="top">x</h1>'
        f'<a href="#top">up</a>{body}</body></html>'
    )


@pytest.fixture
def small(tmp_path: Path) -> Path:
    for language, addresses in (("ko", ["", "kernel/"]), ("en", ["en/", "en/kernel/"])):
        for address in addresses:
            folder = tmp_path / address
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "index.html").write_text(page(language, address), encoding="utf-8")
        listed = "".join(f"<url><loc>{BASE}{address}</loc></url>" for address in addresses)
        (tmp_path / addresses[0] / "sitemap.xml").write_text(f"<urlset>{listed}</urlset>")
    lost = '<html lang="{}"><title>404</title><a href="/">ko</a><a href="/en/">en</a></html>'
    (tmp_path / "404.html").write_text(lost.format("ko"))
    (tmp_path / "en" / "404.html").write_text(lost.format("en"))
    (tmp_path / "offline.html").write_text(lost.format("ko"))
    (tmp_path / "en" / "offline.html").write_text(lost.format("en"))
    (tmp_path / "site.css").write_text("body{color:red}")
    (tmp_path / "social.png").write_bytes(b"")
    return tmp_path


def test_a_good_site_has_no_problems(small: Path) -> None:
    assert check.problems(small) == []


def test_no_site_is_a_problem(tmp_path: Path) -> None:
    assert check.problems(tmp_path)


def put(body: str = "", head: str = "") -> Callable[[Path], None]:
    def broken(root: Path) -> None:
        path = root / "kernel" / "index.html"
        path.write_text(page("ko", "kernel/", body, head), encoding="utf-8")

    return broken


def swap(old: str, new: str, where: str = "kernel/index.html") -> Callable[[Path], None]:
    def broken(root: Path) -> None:
        text = (root / where).read_text(encoding="utf-8")
        assert old in text
        (root / where).write_text(text.replace(old, new), encoding="utf-8")

    return broken


def remove(where: str) -> Callable[[Path], None]:
    return lambda root: (root / where).unlink()


def app(html: str) -> Callable[[Path], None]:
    def there(root: Path) -> None:
        for where, text in (("notebooks/index.html", html), ("files/ko/memory.ipynb", "{}")):
            path = root / "lite" / where
            path.parent.mkdir(parents=True)
            path.write_text(text, encoding="utf-8")

    return there


def heavy(root: Path) -> None:
    noise = json.dumps([(n * 2654435761) % 4294967296 for n in range(60_000)])
    put(f"<p>{noise}</p>")(root)


@pytest.mark.parametrize(
    ("gate", "broken"),
    [
        ("links", put('<a href="../gone/">x</a>')),
        ("links", put('<a href="#없음">x</a>')),
        ("links", put('<a href="../en/kernel/#nowhere">x</a>')),
        ("links", put('<img src="gone.png">')),
        ("apps", put('<a href="../lite/notebooks/index.html?path=ko/gone.ipynb">x</a>')),
        ("apps", app('<link rel="prefetch" href="../gone.js">')),
        ("foreign_hosts", app('<script src="https://example.com/x.js"></script>')),
        ("machine_paths", app("<p>/home/someone/</p>")),
        ("unique_ids", put('<p id="top">x</p>')),
        ("foreign_hosts", put('<img src="https://example.com/x.png">')),
        ("foreign_hosts", put('<script src="//unpkg.com/x.js"></script>')),
        ("foreign_hosts", put('<iframe src="https://example.com/"></iframe>')),
        ("foreign_hosts", put('<p style="background:url(https://example.com/x)">x</p>')),
        ("foreign_hosts", put("<style>@import 'https://example.com/x.css'</style>")),
        ("foreign_hosts", put('<img srcset="x.png 1x, https://example.com/x.png 2x">')),
        ("foreign_hosts", put(head='<link rel="preconnect" href="https://fonts.gstatic.com">')),
        ("foreign_hosts", put(head='<link rel="stylesheet" href="https://example.com/x.css">')),
        ("foreign_hosts", swap("color:red", "background:url(https://example.com)", "site.css")),
        ("raw_notebooks", put('<pre>{"nbformat": 4}</pre>')),
        ("heads", swap('lang="ko"', 'lang="en"')),
        ("heads", swap("<title>kernel/ ko</title>", "")),
        ("heads", swap("about kernel/", "")),
        ("heads", swap("about kernel/", "about home")),
        ("heads", swap("og:title", "og:other")),
        ("heads", put("<h1>another</h1>")),
        ("heads", remove("social.png")),
        ("languages", swap('class="lab-language" href="../en/kernel/"', 'class="x" href="../"')),
        ("languages", swap('"../en/kernel/"', '"../en/"')),
        ("languages", swap('hreflang="en"', 'hreflang="de"')),
        ("languages", remove("en/kernel/index.html")),
        ("not_found", remove("404.html")),
        ("not_found", swap('<a href="/en/">', '<a href="/">', "404.html")),
        ("not_found", swap('<a href="/">', '<a href="./">', "404.html")),
        ("not_found", remove("en/offline.html")),
        ("not_found", swap('<a href="/en/">', '<a href="./en/">', "offline.html")),
        ("sitemaps", remove("en/sitemap.xml")),
        ("sitemaps", swap(f"<loc>{BASE}kernel/</loc>", "", "sitemap.xml")),
        ("machine_paths", put("<pre>/home/someone/lab_kernel</pre>")),
        ("weights", heavy),
    ],
)
def test_each_break_is_found(small: Path, gate: str, broken: Callable[[Path], None]) -> None:
    broken(small)
    found = check.problems(small)
    assert any(problem.startswith(f"{gate}: ") for problem in found), found


def test_an_app_of_jupyterlite_is_no_page(small: Path) -> None:
    app("<p>no language, no title</p>")(small)
    put('<a href="../lite/notebooks/index.html?path=ko/memory.ipynb">x</a>')(small)
    assert check.problems(small) == []


def test_a_link_to_another_host_is_no_load(small: Path) -> None:
    put('<a href="https://example.com/">x</a>')(small)
    assert check.problems(small) == []
