"""Builds the site: both languages at once, strictly, and only what has changed.

    python -m tools.site.build [--force]

Each language is built aside, in .cache/site, and what runs Python in the browser meanwhile in
.cache/runtime and .cache/lite; the finished whole replaces site/. A build that fails leaves the
last good site where it is.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tools import node
from tools.site import lite, offline, runtime, scripts

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "site"
_ASIDE = ROOT / ".cache" / "site"
_CONFIG = {"ko": "mkdocs.yml", "en": "mkdocs.en.yml"}
_SHARED = (
    "mkdocs.yml",
    "requirements.txt",
    "docs/glossary.json",
    "docs/slo.json",
    "docs/ko/assets",
    "overrides",
    "tools/site",
    "lab_kernel",
)
_NOT_OURS = {"__pycache__", ".ipynb_checkpoints"}


def inputs(language: str) -> list[Path]:
    """Every file that a language's pages are made from."""
    own = (_CONFIG[language], f"docs/{language}", f"labs/{language}")
    return sorted({path for name in (*_SHARED, *own) for path in _files(ROOT / name)})


def changed(language: str) -> bool:
    """Whether the language's finished pages are missing or older than what they are made from."""
    return not _is_current(language, _fingerprint(language))


def build(*, force: bool = False) -> bool:
    """Bring site/ up to date; True if it is. Says what it does, and on failure what is wrong."""
    _ASIDE.mkdir(parents=True, exist_ok=True)
    with (_ASIDE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # one build at a time, whoever asks
        prints = {language: _fingerprint(language) for language in _CONFIG}
        due = [name for name in _CONFIG if force or not _is_current(name, prints[name])]
        if not due and _assembled(prints):
            print("site/ is up to date", flush=True)
            return True
        began = time.monotonic()
        if due:
            print(f"building {' and '.join(_CONFIG[name] for name in due)} ...", flush=True)
        running = {name: _start(name) for name in due}
        good = [_python()]
        good += [_finish(name, process, prints[name]) for name, process in running.items()]
        if not all(good):
            return False
        try:
            _assemble(prints)
        except offline.UnknownJupyterLite as error:
            print(error, file=sys.stderr, flush=True)
            return False
        print(f"site/ is ready ({time.monotonic() - began:.0f} s)", flush=True)
    return True


def _start(language: str) -> subprocess.Popen[str]:
    environment = {
        **os.environ,
        "NO_MKDOCS_2_WARNING": "1",  # Material's notice; see docs/decisions
        "PYTHONPATH": str(ROOT),
        "JUPYTER_PLATFORM_DIRS": "1",
    }
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"]
    command += ["-f", _CONFIG[language], "-d", str(_ASIDE / language)]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def _finish(language: str, process: subprocess.Popen[str], fingerprint: str) -> bool:
    output, _none = process.communicate()
    if process.returncode == 0:
        _stamp(language).write_text(fingerprint)
        return True
    _stamp(language).unlink(missing_ok=True)
    print(f"{_CONFIG[language]} was not built:\n{output.strip()}", file=sys.stderr, flush=True)
    return False


def _python() -> bool:
    try:
        runtime.build()
        lite.build()
        node.packages(scripts.LOCKED)
    except node.Unavailable as error:
        print(error, file=sys.stderr, flush=True)
        return False
    return True


def _assemble(prints: dict[str, str]) -> None:
    """Put both languages, the one runtime and JupyterLite together beside site/, then swap."""
    fresh, old = _ASIDE / "fresh", _ASIDE / "old"
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(_ASIDE / "ko", fresh)
    shutil.copytree(_ASIDE / "en", fresh / "en")
    name = runtime.MANIFEST.name
    shutil.copytree(
        runtime.RUNTIME, fresh / "assets" / "runtime", ignore=shutil.ignore_patterns(name)
    )
    scripts.publish(fresh)
    lite.publish(fresh)
    (fresh / "robots.txt").write_text(_robots())
    offline.publish(fresh)
    (_ASIDE / "assembled").write_text(_whole(prints))
    if SITE.exists():
        SITE.rename(old)
    fresh.rename(SITE)
    shutil.rmtree(old, ignore_errors=True)


def _robots() -> str:
    base = os.environ.get("LAB_SITE_URL", "http://127.0.0.1:8000/").rstrip("/")
    return f"User-agent: *\nSitemap: {base}/sitemap.xml\nSitemap: {base}/en/sitemap.xml\n"


def _assembled(prints: dict[str, str]) -> bool:
    stamp = _ASIDE / "assembled"
    return (
        (SITE / "index.html").exists()
        and (SITE / "en" / "index.html").exists()
        and stamp.exists()
        and stamp.read_text() == _whole(prints)
    )


def _whole(prints: dict[str, str]) -> str:
    return " ".join([*prints.values(), runtime.fingerprint(), lite.fingerprint()])


def _is_current(language: str, fingerprint: str) -> bool:
    stamp = _stamp(language)
    return stamp.exists() and stamp.read_text() == fingerprint


def _stamp(language: str) -> Path:
    return _ASIDE / f"{language}.made-from"


def _fingerprint(language: str) -> str:
    digest = hashlib.sha256()
    settings = ("LAB_SITE_URL", "LAB_REPOSITORY", "LAB_BRANCH")
    digest.update(repr([os.environ.get(name) for name in settings]).encode())
    for path in inputs(language):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(where: Path) -> Iterator[Path]:
    if where.is_file():
        yield where
    elif where.is_dir():
        for path in where.iterdir():
            if path.name not in _NOT_OURS and not path.is_symlink():
                yield from _files(path)


def main() -> int:
    parser = argparse.ArgumentParser(description="Build the site in both languages.")
    parser.add_argument("--force", action="store_true", help="build what is up to date, too")
    return 0 if build(force=parser.parse_args().force) else 1


if __name__ == "__main__":
    sys.exit(main())
