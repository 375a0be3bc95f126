"""What must hold of every page that is published."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tools.site import check


@pytest.mark.parametrize("holds", check.CHECKS, ids=lambda holds: holds.__name__)
def test_the_site(site: check.Site, holds: object) -> None:
    assert callable(holds)
    assert list(holds(site)) == []


def test_every_section_has_a_page_in_both_languages(site: check.Site) -> None:
    for section in ("kernel", "containers", "cloud-native", "microservices", "sre", "devops"):
        assert f"/{section}/" in site.at
        assert f"/en/{section}/" in site.at


def test_every_lab_is_published_with_its_notebook(site: check.Site) -> None:
    labs = [page for page in site.pages if page.is_lab]
    assert {"/labs/kernel/memory/", "/en/labs/kernel/memory/"} <= {page.address for page in labs}
    for page in labs:
        name = page.address.strip("/").split("/")[-1]
        notebook = json.loads((page.path.parent / f"{name}.ipynb").read_text(encoding="utf-8"))
        assert notebook["cells"]
        assert f"{name}.ipynb" in page.links
        assert "make lab LAB=" in page.html
        assert re.findall(r'data-cell="([^"]*)"', page.html) == [
            cell["id"]
            for cell in notebook["cells"]
            if cell["cell_type"] == "code" and "".join(cell["source"]).strip()
        ]


def test_what_the_scripts_import_is_published_with_its_licence(site_root: Path) -> None:
    scripts = sorted((site_root / "assets" / "live").rglob("*.js"))
    imported = set()
    for script in scripts:
        text = script.read_text(encoding="utf-8")
        named = re.findall(
            r"""^(?:import|export)\b(?:[^;"'()=]*\bfrom)?\s*["']([^"']+)["']""", text, re.MULTILINE
        )
        named += re.findall(r"""\bimport\("([^"]+)"\)""", text)
        for name in named:
            assert name.startswith("./"), f"{script.name}: {name} is no address"
            imported.add((script.parent / name).resolve())
    editor = {script for script in scripts if script.parent.name == "editor"}
    assert len(editor) > 8
    assert editor <= imported <= set(scripts)
    for script in editor:
        licence = script.with_suffix(".LICENSE.txt").read_text(encoding="utf-8")
        assert "Permission is hereby granted" in licence


def test_labs_bring_no_stylesheet_or_script_of_jupyter(site: check.Site) -> None:
    for page in site.pages:
        if page.is_lab:
            assert "jp-" not in page.html
            assert "--jp-layout-color0" not in page.html


def test_korean_headings_of_a_lab_have_korean_anchors(site: check.Site) -> None:
    page = site.at["/labs/kernel/memory/"]
    korean = [name for name in page.ids if any("가" <= letter <= "힣" for letter in name)]
    assert len(korean) >= 3
    assert {f"#{name}" for name in korean} <= set(page.links)  # the table of contents


@pytest.mark.parametrize("root", ["", "/en"])
def test_every_explorable_leads_to_its_cell_in_the_lab(site: check.Site, root: str) -> None:
    """That each link arrives somewhere is among the checks above."""
    page, lab = site.at[f"{root}/kernel/memory/"], site.at[f"{root}/labs/kernel/memory/"]
    shown = page.html.split('<section class="lk-explorable"')[1:]
    leads = [part.split("</section>")[0].count('<p class="lk-lab"><a ') for part in shown]
    assert leads and set(leads) == {1}
    assert any("#cell-" in href for href in page.links)
    assert "lk-lab" not in lab.html


def test_search_knows_each_language(site_root: Path) -> None:
    for folder, language, word in ((".", "ko", "메모리"), ("en", "en", "memory")):
        path = site_root / folder / "search" / "search_index.json"
        index = json.loads(path.read_text(encoding="utf-8"))
        assert index["config"]["lang"] == [language]
        assert any(word in entry["text"].lower() for entry in index["docs"])
        assert not any("lk-figure" in entry["text"] for entry in index["docs"])


def test_sitemap_is_xml(site_root: Path) -> None:
    for where in (site_root, site_root / "en"):
        assert len(ET.parse(where / "sitemap.xml").getroot()) >= 9


def test_the_glossary_explains_and_leaves_code_alone(site: check.Site) -> None:
    pages = [page for page in site.pages if not page.is_lost]
    assert sum('<abbr class="term"' in page.html for page in pages) >= len(pages) // 2
    for page in pages:
        for block in page.html.split("<pre")[1:]:
            assert '<abbr class="term"' not in block.split("</pre>")[0]


def test_pictures_share_one_stylesheet(site: check.Site) -> None:
    shared = (site.root / "assets" / "figures.css").read_text(encoding="utf-8")
    page = site.at["/kernel/memory/"]
    assert page.html.count('class="lk-figure"') >= 3
    assert shared not in page.html
    assert any(href.split("?")[0].endswith("assets/figures.css") for href in page.loads)


def test_the_theme_has_less_to_do(site: check.Site, site_root: Path) -> None:
    for page in site.pages:
        plain = page.html.count("<table>")
        wrap = '<div class="md-typeset__scrollwrap"><div class="md-typeset__table"><table>'
        assert page.html.count(wrap) == plain, page.address
        assert not re.search(r'<span class="[nopw]">', page.html), page.address
    script = next((site_root / "assets" / "javascripts").glob("bundle.*.min.js")).read_text("utf-8")
    assert 'document.head.querySelector("meta[name=color-scheme]")' in script
    assert all('<meta name="color-scheme"' in page.html for page in site.pages)
