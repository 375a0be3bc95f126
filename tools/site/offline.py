"""What the site needs to work without a network: one worker, and a list of all that it may keep.

The worker (``service_worker/``) keeps contents by their hash and knows a release as this list: the
hash and the size of every file. So a release replaces another whole, what did not change is not
fetched again, and what a half updated host sends is not kept. JupyterLite's own worker, which
gives its kernels their files, is put behind ours in the same script: a page has only one.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from html import escape
from pathlib import Path

from tools.site import check

WORKER, PAGE = "service-worker.js", "assets/offline.js"
_SOURCE = Path(__file__).with_name("service_worker")
_PARTS = ("store.js", "release.js", "answer.js", "worker.js")
_PLACE = '{ name: "", list: "" }'
# what no page asks for; of the search's languages, only ours
_NEVER_ASKED = re.compile(
    r"\.map$|(^|/)(robots\.txt|sitemap\.xml(\.gz)?|404\.html|service-worker\.js)$"
    r"|^(en/)?assets/(social\.|readme\.|offline/|javascripts/lunr/(?!min/lunr\.(stemmer|ko)))"
)
# JupyterLite's address of its worker, in its minified script
_ITS_WORKER = re.compile(
    r"(\.workerUrl\)\?\w+:\w+\.URLExt\.join\(\w+\.PageConfig\.getBaseUrl\(\),)\w+\)"
)
_WORDS = {
    "ko": {
        "keep": "모든 내용을 이 기기에 보관하기({size} MB)",
        "doing": "보관하고 있습니다. 그동안 사이트를 계속 이용할 수 있습니다.",
        "done": "모든 내용({size} MB)이 이 기기에 있습니다. 네트워크 없이도 쓸 수 있습니다.",
        "failed": "다 보관하지 못했습니다. 네트워크와 저장 공간을 확인하고 다시 누르면 이어집니다.",
        "remove": "보관한 내용 지우기",
        "removed": "지웠습니다. 읽은 언어의 페이지만 남아 있습니다.",
    },
    "en": {
        "keep": "Keep everything on this device ({size} MB)",
        "doing": "Keeping everything. You can go on using the site meanwhile.",
        "done": "Everything ({size} MB) is on this device and works without a network.",
        "failed": "Not everything could be kept. Check the network and the free space, then press"
        " again: it goes on from here.",
        "remove": "Remove what was kept",
        "removed": "Removed. Only the pages of your language are still here.",
    },
}


class UnknownJupyterLite(Exception):
    """This version's scripts are not as they are known here; the message says so in a line."""


def page_address() -> str:
    """Where the pages' part is, from the site's root; another part has another address."""
    digest = hashlib.sha256((_SOURCE / "page.js").read_bytes()).hexdigest()
    return f"{PAGE}?v={digest[:8]}"


def block(language: str) -> str:
    """The button that keeps everything. Shown by the page's script, where a worker runs."""
    words = {key: escape(text) for key, text in _WORDS[language].items()}
    said = " ".join(f'data-{key}="{words[key]}"' for key in ("doing", "done", "failed", "removed"))
    return (
        '<div class="lab-offline" hidden>'
        f'<button type="button" class="md-button" data-keep="{words["keep"]}"></button>'
        f'<button type="button" class="md-button" data-remove hidden>{words["remove"]}</button>'
        f'<progress max="1" value="0" aria-label="{words["doing"]}" hidden></progress>'
        f'<p role="status" {said}></p></div>'
    )


def publish(site: Path) -> None:
    """Make a finished ``site`` keep itself; to be done last, because it reads every file."""
    (site / PAGE).write_bytes((_SOURCE / "page.js").read_bytes())
    behind = _join_jupyterlite(site / "lite") if (site / "lite" / WORKER).exists() else ""
    listed = json.dumps(files(site), ensure_ascii=False, separators=(",", ":"))
    name = _hash(listed.encode())
    path = site / "assets" / "offline" / f"{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(listed, encoding="utf-8")
    scripts = "\n".join((_SOURCE / part).read_text(encoding="utf-8") for part in _PARTS)
    if scripts.count(_PLACE) != 1:
        raise AssertionError(f"{_PLACE} is not once in the worker's scripts")
    mine = json.dumps({"name": name, "list": path.relative_to(site).as_posix()})
    (site / WORKER).write_text(scripts.replace(_PLACE, mine) + behind, encoding="utf-8")


def files(site: Path) -> dict[str, tuple[str, int, str]]:
    """Each file's hash, size and sets: what is fetched unasked, and for whom.

    ``shell`` is what every page needs, ``ko`` and ``en`` are a language's pages, ``runtime`` is
    Python and ``kernel.snapshot`` what a page of that section starts it from, ``lite`` is what
    JupyterLite's kernel needs; the rest is kept when it was used.
    """
    sets = _sets(site)
    listed = {}
    for path in sorted(path for path in site.rglob("*") if path.is_file()):
        name = path.relative_to(site).as_posix()
        if not _NEVER_ASKED.search(name):
            content = path.read_bytes()
            listed[name] = (_hash(content), len(content), " ".join(sorted(sets[name])))
    return listed


def _sets(site: Path) -> defaultdict[str, set[str]]:
    sets: defaultdict[str, set[str]] = defaultdict(set)
    pages = check.Site(site)
    for page in pages.pages:
        name = page.path.relative_to(site).as_posix()
        if name.startswith("lite/") or page.path.name == "404.html":
            continue
        sets[name].add("shell" if page.is_lost else page.lang)
        for path in check.loaded(pages, page):
            shared = path.suffix in (".css", ".js") or page.is_lost
            sets[path.relative_to(site).as_posix()].add("shell" if shared else page.lang)
    for path in (site / "assets" / "live").rglob("*"):
        sets[path.relative_to(site).as_posix()].add("shell")
    for path in (site / "assets" / "runtime").rglob("*"):
        own = path.name if path.suffix == ".snapshot" else "runtime"
        sets[path.relative_to(site).as_posix()].add(own)
    for language, root in (("ko", site), ("en", site / "en")):
        for path in (root / "search").glob("*"):
            sets[path.relative_to(site).as_posix()].add(language)
        for path in (root / "assets" / "javascripts" / "lunr").rglob("*"):
            sets[path.relative_to(site).as_posix()].add(language)
    for path in (site / "lite").rglob("*"):
        name = path.relative_to(site).as_posix()
        if not name.startswith(("lite/build/", "lite/extensions/")):
            sets[name].add("lite")
    return sets


def _join_jupyterlite(lite: Path) -> str:
    """Make JupyterLite use the site's worker; return what it wants a worker to do."""
    known = 0
    for path in (lite / "build").glob("*.js"):
        text = path.read_text(encoding="utf-8")
        joined, count = _ITS_WORKER.subn(rf'\1"../{WORKER}")', text)
        if count:
            _replace(path, joined)
            known += count
    if known != 1:
        raise UnknownJupyterLite(
            f"this JupyterLite names its worker {known} times, not once: see {__name__}"
        )
    for path in lite.rglob("index.html"):
        up = "../" * (len(path.relative_to(lite).parts))
        script = f'<script type="module" src="{up}{page_address()}"></script></head>'
        _replace(path, path.read_text(encoding="utf-8").replace("</head>", script, 1))
    own = (lite / WORKER).read_text(encoding="utf-8")
    return f"\n// JupyterLite's, for what is not answered above\n(() => {{\n{own}\n}})();\n"


def _replace(path: Path, text: str) -> None:
    path.unlink()  # it may be a link to what it was copied from
    path.write_text(text, encoding="utf-8")


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]
