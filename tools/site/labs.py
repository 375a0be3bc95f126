"""A lab's page: the notebook's text, code and outputs as plain parts of the site.

mkdocs-jupyter renders a notebook with JupyterLab's own stylesheet inlined (500 kB a page), two
scripts from other hosts, and empty ids under Korean headings. Here only the cells are kept,
written as the theme writes text and code, so a lab has the site's colours, copy buttons and
table of contents. assets/lab.css has the little that is left to style.
"""

from __future__ import annotations

import posixpath
import re
from html import escape
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc
from pymdownx.slugs import slugify  # type: ignore[import-untyped]

from tools.site import addresses, cells, lite, rooms

_SLUG = slugify(case="lower")
_SVG = re.compile(r"<svg\b|</svg>")
_WORDS = {
    "ko": {
        "run": "브라우저에서 실행(JupyterLite)",
        "open": "저장소 안에서 JupyterLab으로 열기",
        "binder": "Binder에서 열기",
        "download": "노트북 내려받기",
        "address": "이 절의 주소",
        "about": "이 실습을 실행하는 방법",
    },
    "en": {
        "run": "Run in the browser (JupyterLite)",
        "open": "In a checkout, open in JupyterLab",
        "binder": "Open on Binder",
        "download": "Download the notebook",
        "address": "Address of this section",
        "about": "How to run this lab",
    },
}


def publish(html: str, page: Page, files: Files, language: str) -> str:
    """The page's HTML; sets its table of contents and its description."""
    html, pictures = _set_aside_pictures(html)
    soup = BeautifulSoup(html, "html.parser")
    notebook = soup.select_one(".jp-Notebook")
    if notebook is None:
        raise PluginError(f"{page.file.src_uri}: mkdocs-jupyter made no notebook of it")
    for unwanted in notebook.select("script, style, clipboard-copy, .clipboard-copy-txt"):
        unwanted.decompose()
    outer = [cell for cell in notebook.select(".jp-Cell") if not cell.find_parent(class_="jp-Cell")]
    body = BeautifulSoup("\n".join(_cell(cell, page) for cell in outer), "html.parser")
    headings: Any = _headings(body, _WORDS[language]["address"])
    page.toc = get_toc(headings)
    _links(body, page, files, language)
    page.meta["lab"] = True
    page.meta.setdefault("description", _description(body))
    first = body.find("h1")
    buttons = BeautifulSoup(_buttons(page, language), "html.parser")
    first.insert_after(buttons) if first else body.insert(0, buttons)
    return _put_pictures_back(str(body), pictures)


_WIDE = 80  # characters that a text on a page has room for


def _cell(cell: Tag, page: Page) -> str:
    if "jp-MarkdownCell" in cell["class"]:
        text = cell.select_one(".jp-RenderedMarkdown") or cell.select_one(".jp-MarkdownOutput")
        return text.decode_contents() if text else ""
    parts = []
    code = cell.select_one(".jp-InputArea pre")
    if code and code.get_text().strip():
        parts.append(
            f'<div class="language-python highlight lab-in"><pre><span></span><code>'
            f"{code.decode_contents().strip()}\n</code></pre></div>"
        )
    for output in cell.select(".jp-OutputArea-output"):
        if output.get("data-mime-type") == "application/vnd.jupyter.stderr":
            raise PluginError(f"{page.file.src_uri}: a cell wrote to stderr: {output.get_text()}")
        for text in output.select("pre"):  # what scrolls has to be reached by keyboard, too
            if max(map(len, text.get_text().splitlines()), default=0) > _WIDE:
                text["tabindex"] = "0"
        inner = output.decode_contents().strip()
        # outputs are pictures and tables: finding their words would crowd the text's out
        parts.append(f'<div class="lab-out" data-plain data-search-exclude>{inner}</div>')
    if not code:
        return "\n".join(parts)
    # the notebook's own name for the cell, so that a page can lead there
    named = cell.select_one('[id^="cell-id="]')
    name = str(named["id"]).removeprefix("cell-id=") if named else ""
    about = f'id="{escape(rooms.anchor(name))}" data-cell="{escape(name)}"'
    return f'<div class="lab-cell" {about}>' + "\n".join(parts) + "</div>"


def _headings(body: BeautifulSoup, address: str) -> list[dict[str, Any]]:
    """Give every heading of the text a readable, unique id; return them as nested tokens."""
    used: set[str] = set()
    roots: list[dict[str, Any]] = []
    path: list[dict[str, Any]] = []
    for heading in body.find_all(re.compile("^h[1-6]$")):
        if heading.find_parent(class_="lab-out"):
            continue
        for anchor in heading.select("a.anchor-link"):
            anchor.decompose()
        name = heading.get_text().strip()
        slug = unique = _SLUG(name, "-") or "section"
        number = 1
        while unique in used:
            unique, number = f"{slug}_{number}", number + 1
        used.add(unique)
        heading["id"] = unique
        link = body.new_tag("a", attrs={"class": "headerlink", "href": f"#{unique}"})
        link["title"], link.string = address, "#"
        token: dict[str, Any] = {
            "level": int(heading.name[1]),
            "id": unique,
            "name": escape(name),
            "children": [],
        }
        heading.append(link)
        while path and path[-1]["level"] >= token["level"]:
            path.pop()
        (path[-1]["children"] if path else roots).append(token)
        path.append(token)
    return roots


def _links(body: BeautifulSoup, page: Page, files: Files, language: str) -> None:
    """Links between files, as JupyterLab follows them, become links between pages."""
    here = addresses.source(language, page.file.src_uri)
    for link in body.find_all("a", href=True):
        parts = urlsplit(str(link["href"]))
        if parts.scheme or not parts.path.endswith((".md", ".ipynb")):
            continue
        target = posixpath.normpath(posixpath.join(posixpath.dirname(here), parts.path))
        uri = target.removeprefix(f"docs/{language}/")
        uri = re.sub(f"^labs/{language}/", "labs/", uri)
        file = files.get_file_from_path(uri)
        if file is None:
            raise PluginError(f"{page.file.src_uri}: links to {link['href']}, which is no page")
        link["href"] = file.url_relative_to(page.file) + (
            f"#{parts.fragment}" if parts.fragment else ""
        )


def _description(body: BeautifulSoup) -> str:
    paragraph = next((p for p in body.find_all("p") if not p.find_parent(class_="lab-out")), None)
    text = " ".join(paragraph.get_text().split()) if paragraph else ""
    return text if len(text) <= 160 else text[:159].rsplit(" ", 1)[0] + "…"


def _buttons(page: Page, language: str) -> str:
    words = {key: escape(value) for key, value in _WORDS[language].items()}
    name = page.file.src_uri.removeprefix("labs/").removesuffix(".ipynb")
    lab = name if language == "ko" else f"{language}/{name}"  # Korean is the one it opens unasked
    download = escape(posixpath.basename(page.file.src_uri))
    repository = addresses.repository()
    binder = repository and repository.binder(addresses.source(language, page.file.src_uri))
    run = addresses.from_page(language, page.url, lite.address(f"{language}/{name}"))
    links = [
        f'<a class="md-button md-button--primary" href="{escape(run)}" target="_blank"'
        f' rel="noopener">{words["run"]}</a>',
        cells.button(language),
        f'<a class="md-button" href="{download}" download>{words["download"]}</a>',
    ]
    if binder:
        links.insert(2, f'<a class="md-button" href="{escape(binder)}">{words["binder"]}</a>')
    return (
        f'<div class="lab-open" role="group" aria-label="{words["about"]}">'
        f'<div class="lab-links">{"".join(links)}</div>'
        f'<div class="lab-command"><span>{words["open"]}</span>'
        '<div class="highlight"><pre><span></span><code>'
        f"make lab LAB={escape(lab)}\n</code></pre></div></div></div>{cells.template(language)}"
    )


def _set_aside_pictures(html: str) -> tuple[str, list[str]]:
    """Cut out every <svg>: the parser below would write its attributes in lower case."""
    pictures: list[str] = []
    kept: list[str] = []
    depth = begun = at = 0
    for mark in _SVG.finditer(html):
        if mark[0] == "<svg":
            if depth == 0:
                begun = mark.start()
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                kept += [html[at:begun], f'<i data-picture="{len(pictures)}"></i>']
                pictures.append(html[begun : mark.end()])
                at = mark.end()
    return "".join(kept) + html[at:], pictures


def _put_pictures_back(html: str, pictures: list[str]) -> str:
    return re.sub(r'<i data-picture="(\d+)"></i>', lambda m: pictures[int(m[1])], html)
