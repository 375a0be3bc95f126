"""What the build does beyond MkDocs, event by event. Each line's work is in its own module."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:  # MkDocs loads a hook by its path
    sys.path.insert(0, str(ROOT))
# nbconvert settings of our own, and nobody's personal ones
os.environ["JUPYTER_CONFIG_DIR"] = str(Path(__file__).with_name("jupyter"))

from mkdocs.config.defaults import MkDocsConfig  # noqa: E402
from mkdocs.structure.files import File, Files  # noqa: E402
from mkdocs.structure.pages import Page  # noqa: E402

from lab_kernel.figures.palette import without_stylesheet  # noqa: E402
from tools.site import (  # noqa: E402
    addresses,
    fences,
    glossary,
    labs,
    offline,
    rooms,
    runtime,
    scripts,
    theme,
)

_filled: list[str] = []  # the fences' HTML of the page that is being made


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    language = config.theme["language"]
    base = (config.site_url or "").rstrip("/") + "/"
    config.extra["site"] = base
    config.site_url = base + addresses.below_site(language, "")
    config.extra["social_image"] = f"{base}assets/social.{language}.png"
    # a changed stylesheet has a new address, so no reader sees an old one
    config.extra["lab_css"] = _versioned(config, "assets/lab.css")
    # one copy for both languages, so that the runtime beside it is one, too
    config.extra["live_js"] = "../" * (language != "ko") + scripts.address() + "/live.js"
    config.extra["progress_js"] = config.extra["live_js"].replace("/live.js", "/overview.js")
    config.extra["offline_js"] = "../" * (language != "ko") + offline.page_address()
    config.extra_css = [_versioned(config, str(path)) for path in config.extra_css]
    config.extra_css.append(f"{theme.FIGURES}?v={_short_hash(theme.FIGURES_CSS.encode())}")
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    files.append(File.generated(config, theme.FIGURES, content=theme.FIGURES_CSS))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    _filled.clear()
    titles = rooms.titles(config.nav)
    return fences.take_out(markdown, config.theme["language"], page.file.src_uri, _filled, titles)


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    language = config.theme["language"]
    if page.file.src_uri.endswith(".ipynb"):
        _filled.clear()
        html = labs.publish(html, page, files, language)
    page.meta["live"] = "lab" in page.meta or any("<form " in block for block in _filled)
    page.meta["python"] = runtime.snapshot_for(rooms.section(page.file.src_uri))
    page.meta["progress"] = any('class="lk-progress"' in block for block in _filled)
    html = glossary.explain(html, language)
    html = without_stylesheet(fences.put_back(html, _filled))
    html = theme.let_tables_scroll(theme.colour_less_code(html))
    return theme.draw_pictures_when_they_are_near(html)


def on_page_context(
    context: dict[str, Any], page: Page, config: MkDocsConfig, nav: Any
) -> dict[str, Any]:
    language = config.theme["language"]
    repository = addresses.repository()
    if repository:
        page.edit_url = repository.edit(addresses.source(language, page.file.src_uri))
    site = config.extra["site"]
    context["twin"] = addresses.twin(language, page.url)
    context["translations"] = {
        code: site + addresses.below_site(code, page.url.removeprefix("./"))
        for code in addresses.LANGUAGES
    }
    return context


def on_template_context(
    context: dict[str, Any], template_name: str, config: MkDocsConfig
) -> dict[str, Any]:
    """What is served at any address (404.html, offline.html) has links that count from the host."""
    base = "/" + "/".join(str(config.extra["site"]).split("/")[3:])
    if template_name in config.theme.static_templates:
        context["base_url"] = base + addresses.below_site(config.theme["language"], "")
    context["homes"] = {code: base + addresses.below_site(code, "") for code in addresses.LANGUAGES}
    context["twin"] = context["homes"][addresses.other(config.theme["language"])]
    return context


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    return theme.name_navigations(output)


def on_post_build(config: MkDocsConfig) -> None:
    theme.adapt_script(Path(config.site_dir))


def _versioned(config: MkDocsConfig, path: str) -> str:
    return f"{path}?v={_short_hash((Path(config.docs_dir) / path).read_bytes())}"


def _short_hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:8]
