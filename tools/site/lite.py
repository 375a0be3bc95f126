"""JupyterLite, with every lab of both languages, for the site's own lite/.

    python -m tools.site.lite [--force]

Made in .cache/lite and only anew when something that it is made from changed. Its Python is the
site's own runtime (``runtime.py``) with a memory snapshot of its own, in which IPython, ipywidgets
and what every page needs of lab_kernel are imported already, and a lab's topic when it is asked
for: one snapshot for all labs. What they are made from is locked in ``notebooks/wheels.txt``.
The apps are JupyterLite's, as they come, less what no lab needs and no browser asks for.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import posixpath
import re
import shutil
import sys
import zipfile
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import Any

from tools import node
from tools.site import addresses, runtime

ROOT = Path(__file__).resolve().parents[2]
LITE = ROOT / ".cache" / "lite"
ADDRESS = "lite"  # from the site's root
APPS = ("lab", "notebooks", "tree")
_SOURCE = Path(__file__).with_name("notebooks")
_BOOT = Path(__file__).with_name("browser") / "boot.js"
_LABS = ROOT / "labs"
_PACKAGES = "packages.zip"
_SHARED = Path(sys.prefix) / "share" / "jupyter" / "labextensions"
_EXTENSIONS = ("@jupyterlite/pyodide-kernel-extension", "@jupyter-widgets/jupyterlab-manager")
_KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel"
# The kernel takes these for installed: they are, or, as jedi, nothing needs them.
_THERE = ["comm", "ipykernel", "ipython", "jedi", "micropip", "piplite", "pyodide-kernel"]
_WARM_UP = f"import IPython, ipywidgets; {runtime.WARM_UP}"
_DISTRIBUTIONS = (
    "jupyterlab-language-pack-ko-KR",
    "jupyterlite-core",
    "jupyterlite-pyodide-kernel",
    "jupyterlab-widgets",
)
# Fonts for browsers that are gone, how JupyterLite itself is built, and pages that nothing opens.
_UNASKED = (
    *(f"build/fa-*.{kind}" for kind in ("eot", "svg", "ttf", "woff")),
    "rspack.*",
    "doc",
    "lab/workspaces",
    "extensions/*/*/static/pypi",
)
_PAGE = re.compile(r"\]\(((?:\.\./)+docs/(?:ko|en)/[^)#]+)\.md(#[^)]*)?\)")
_WORDS = {
    "ko": {
        "title": "이 실습이 바뀌었습니다",
        "text": "{path}: 이 브라우저에 저장된 노트북은 이전 판에서 시작한 것입니다."
        " 그대로 이어서 할 수도 있고, 새 판을 열 수도 있습니다."
        " 새 판을 열어도 지금 것은 다른 이름으로 남습니다.",
        "keep": "내 것으로 계속하기",
        "renew": "새 판 열기",
    },
    "en": {
        "title": "This lab has changed",
        "text": "Your copy of {path}, saved in this browser, was begun from an earlier version. You"
        " can go on with it or open the new one; your copy then stays under another name.",
        "keep": "Keep mine",
        "renew": "Open the new one",
    },
}


def address(lab: str) -> str:
    """Where ``ko/kernel/memory`` opens in the reader's browser, from the root of the site."""
    return f"{ADDRESS}/notebooks/index.html?path={lab}.ipynb"


def fingerprint() -> str:
    """The hash of all that JupyterLite is made from."""
    digest = hashlib.sha256(_kernel_fingerprint().encode())
    digest.update(Path(__file__).read_bytes())
    for name in _DISTRIBUTIONS:
        digest.update(importlib.metadata.version(name).encode())
    for path in [*sorted(_SOURCE.iterdir()), *labs()]:
        if path.is_file():
            digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def labs() -> list[Path]:
    """Every committed lab of both languages."""
    found = (path for language in ("ko", "en") for path in (_LABS / language).rglob("*.ipynb"))
    return sorted(path for path in found if ".ipynb_checkpoints" not in path.parts)


def release(source: bytes) -> str:
    """What tells one version of a lab from another."""
    return hashlib.sha256(source).hexdigest()[:16]


def build(*, force: bool = False) -> Path:
    """Bring .cache/lite up to date and return it; node.Unavailable says what is in the way."""
    made_from = fingerprint()
    stamp = LITE / "made-from"
    if not force and stamp.exists() and stamp.read_text() == made_from:
        return LITE
    runtime.build()
    python = _python(force=force)
    print("building JupyterLite with the labs ...", flush=True)
    fresh = LITE.with_name("lite.fresh")
    shutil.rmtree(fresh, ignore_errors=True)
    app = fresh / "app"
    _jupyterlite(fresh, app)
    shutil.copytree(python, app / "python" / python.name)
    _configure(app, python.name)
    _doors(app)
    for pattern in _UNASKED:
        for path in app.glob(pattern):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    (app / "made-from").write_text(made_from)
    shutil.rmtree(LITE, ignore_errors=True)
    app.rename(LITE)
    shutil.rmtree(fresh)
    return LITE


def publish(site: Path) -> None:
    """Put what was built into the site."""
    shutil.copytree(LITE, site / ADDRESS, ignore=shutil.ignore_patterns("made-from"))


def _kernel_fingerprint() -> str:
    digest = hashlib.sha256(runtime.fingerprint().encode() + _WARM_UP.encode())
    digest.update(importlib.metadata.version("jupyterlite-pyodide-kernel").encode())
    python = (path for path in (_SOURCE / "python").rglob("*.py"))
    for path in [_BOOT, _SOURCE / "start.js", _SOURCE / "wheels.txt", *sorted(python)]:
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


def _python(*, force: bool) -> Path:
    """The kernel's Python: what it imports as Pyodide, its packages and its memory snapshot."""
    into = ROOT / ".cache" / "lite.python" / _kernel_fingerprint()
    if (into / "made.json").exists() and not force:
        return into
    shutil.rmtree(into.parent, ignore_errors=True)
    into.mkdir(parents=True)
    at = json.loads(runtime.MANIFEST.read_text())["at"]
    served = runtime.RUNTIME / at
    shutil.copyfile(_BOOT, into / "boot.js")
    shutil.copyfile(_SOURCE / "start.js", into / "start.js")
    packages = into / _PACKAGES
    shims = _SHARED / _EXTENSIONS[0] / "static" / "pypi"
    wheels = [*_wheels().glob("*.whl"), *served.glob("*.whl")]
    wheels += [next(shims.glob(f"{name}-*.whl")) for name in ("ipykernel", "pyodide_kernel")]
    _pack(sorted(wheels), packages)
    print("taking the memory snapshot of the labs' Python ...", flush=True)
    made = {
        "runtime": f"../../../assets/runtime/{at}/",
        "wheels": [_PACKAGES],
        **runtime.snapshot(served, _WARM_UP, [packages], into / "python.snapshot"),
    }
    (into / "made.json").write_text(json.dumps(made))
    return into


def _wheels() -> Path:
    """The directory of the locked wheels, fetched when the lock changed."""
    lock = _SOURCE / "wheels.txt"
    into = ROOT / ".cache" / "wheels" / release(lock.read_bytes())
    if into.exists():
        return into
    print("fetching the labs' Python packages, once", flush=True)
    fresh = into.with_name("fresh")
    shutil.rmtree(into.parent, ignore_errors=True)
    pure = ["--only-binary=:all:", "--platform=any", "--implementation=py", "--abi=none"]
    command = [sys.executable, "-m", "pip", "download", "-qq", "--no-input", "--no-deps"]
    command += [*pure, "--python-version=3.14", "--require-hashes", "-r", str(lock)]
    try:
        node.run([*command, "-d", str(fresh)], ROOT)
    except node.Unavailable as error:
        raise node.Unavailable(
            "the labs' Python packages could not be fetched; their first use needs the network."
            f" pip said: {error}"
        ) from None
    fresh.rename(into)
    return into


def _pack(wheels: list[Path], into: Path) -> None:
    """All wheels in one archive: one request, and only what Python reads or a licence asks for."""
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as pack:
        for wheel in wheels:
            with zipfile.ZipFile(wheel) as packed:
                for name in sorted(packed.namelist()):
                    if _wanted(name):
                        about = zipfile.ZipInfo(name)  # its date is fixed
                        pack.writestr(about, packed.read(name), zipfile.ZIP_DEFLATED, 9)
        for path in sorted((_SOURCE / "python").rglob("*.py")):
            about = zipfile.ZipInfo(path.relative_to(_SOURCE / "python").as_posix())
            pack.writestr(about, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)


def _wanted(name: str) -> bool:
    parts = Path(name).parts
    if parts[0].endswith(".data") or "tests" in parts:
        return False
    return ".dist-info" not in parts[0] or parts[1] in ("METADATA", "licenses", "LICENSE")


def _jupyterlite(work: Path, app: Path) -> None:
    source = work / "source"
    for lab in labs():
        path = source / "files" / lab.relative_to(_LABS)
        path.parent.mkdir(parents=True, exist_ok=True)
        notebook = stamped(lab.read_bytes())
        path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1), encoding="utf-8")
    shutil.copyfile(_SOURCE / "jupyter-lite.json", source / "jupyter-lite.json")
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--ignore-sys-prefix"]
    command += ["--no-sourcemaps", "--no-unused-shared-packages", "--no-libarchive"]
    command += [f"--lite-dir={source}", f"--output-dir={app}", f"--contents={source / 'files'}"]
    command += [f"--apps={name}" for name in APPS]
    for name in _EXTENSIONS:
        command.append(f"--LiteBuildConfig.federated_extensions={_SHARED / name}")
    # the apps say how old a file is, so the labs keep their dates
    node.run(command, work, {**os.environ})


def stamped(source: bytes) -> dict[str, Any]:
    """A lab as it is published here: the committed one, which release it is, links to pages."""
    notebook: dict[str, Any] = json.loads(source)
    notebook["metadata"].setdefault("lab_kernel", {})["release"] = release(source)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = _PAGE.sub(r"](\1.html\2)", "".join(cell["source"]))
    return notebook


def _doors(app: Path) -> None:
    """For each page that a lab links to, a file among JupyterLite's that leads there.

    JupyterLite looks for what a notebook links to below its own files, whatever the site is below.
    """
    linked = {match[1] for lab in labs() for match in _PAGE.finditer(lab.read_text("utf-8"))}
    for link in linked:
        language, _slash, page = link.lstrip("./").removeprefix("docs/").partition("/")
        door = f"{ADDRESS}/files/docs/{language}/{page}.html"
        target = addresses.below_site(language, page.removesuffix("index")).rstrip("/") + "/"
        way = escape(posixpath.relpath(target, posixpath.dirname(door)) + "/")
        path = app.joinpath(*Path(door).parts[1:])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
            f'<meta http-equiv="refresh" content="0; url={way}"><title>{way}</title></head>'
            f'<body><a href="{way}">{way}</a></body></html>\n',
            encoding="utf-8",
        )


def _configure(app: Path, python: str) -> None:
    """Our Python, Korean, and the question that is asked before a changed lab opens."""
    path = app / "jupyter-lite.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    plugins = config["jupyter-config-data"].setdefault("litePluginSettings", {})
    plugins[_KERNEL] = {
        "pyodideUrl": f"./python/{python}/start.js",
        "pipliteUrls": [],
        "disablePyPIFallback": True,
        "loadPyodideOptions": {"packages": _THERE},
    }
    path.write_text(json.dumps(config, ensure_ascii=False))
    _translations(app / "api" / "translations")
    script = (_SOURCE / "before.js").read_bytes()
    (app / "before.js").write_bytes(script)
    before = f"before.js?v={release(script)}"
    _replace(
        app / "config-utils.js",
        "  finalConfig = addDisabledByExtensions(finalConfig);\n",
        f"  finalConfig = addDisabledByExtensions(finalConfig);\n"
        f"  finalConfig = (await import('./{before}')).settle(finalConfig);\n",
    )
    for name in APPS:
        page = app / name / "index.html"
        _replace(
            page, "await import(", f"await (await import('../{before}')).before();\n await import("
        )
        _replace(page, "</head>", _head(app, python) + "</head>")


def _head(app: Path, python: str) -> str:
    about = {
        "storage": json.loads((_SOURCE / "jupyter-lite.json").read_text())["jupyter-config-data"][
            "contentsStorageName"
        ],
        "labs": {str(lab.relative_to(_LABS)): release(lab.read_bytes()) for lab in labs()},
        "words": _WORDS,
    }
    said = json.dumps(about, ensure_ascii=False).replace("<", "\\u003c")
    style = (_SOURCE / "before.css").read_text(encoding="utf-8")
    return (
        '<meta name="robots" content="noindex">'
        f'<script id="lab-about" type="application/json">{said}</script><style>{style}</style>'
        + "".join(f'<link rel="prefetch" href="../{path}">' for path in _soon(app, python))
    )


def _soon(app: Path, python: str) -> Iterator[str]:
    """What the kernel will ask for, so that it comes while the app starts."""
    made = json.loads((app / "python" / python / "made.json").read_text())
    runtime_at = made["runtime"].removeprefix("../../")
    for name in ("start.js", "boot.js", "made.json", _PACKAGES, made["snapshot"]):
        yield f"python/{python}/{name}"
    for name in runtime.SERVED:
        yield runtime_at + name


def _translations(into: Path) -> None:
    """Korean for the apps' own words; English is in them."""
    from jupyterlab_server.translation_utils import get_language_pack

    pack, _message = get_language_pack("ko_KR")
    names = {
        "en": {"displayName": "English", "nativeName": "English"},
        "ko_KR": {"displayName": "Korean", "nativeName": "한국어"},
    }
    used = {name: pack[name] for name in ("jupyterlab", "notebook")}
    for name, data in (("all", names), ("ko_KR", used)):
        whole = json.dumps({"data": data, "message": ""}, ensure_ascii=False)
        (into / f"{name}.json").write_text(whole, encoding="utf-8")


def _replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise node.Unavailable(f"JupyterLite's {path.name} is not as it was: no single {old!r}")
    path.write_text(text.replace(old, new), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(node.made(build))
