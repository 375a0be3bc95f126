"""What `make add-lab` writes passes the checks as it stands: shown in a copy of this repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import labs, messages
from tools.add_lab import SECTIONS, Refused, notebook, values
from tools.labs import twins

ROOT = Path(__file__).parents[2]
# One in a room that is there, one whose section has another name in code and no room yet.
NEW = {"kernel/queues": ("큐", "Queues"), "cloud-native/run-queue": ("실행 큐", "Run queue")}


def _run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=root,
        env={**environment, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        timeout=300,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This working tree, what git ignores left out, with two topics begun."""
    root = tmp_path_factory.mktemp("repository")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if os.path.lexists(ROOT / name):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name, follow_symlinks=False)
    for name, (ko, en) in NEW.items():
        done = _run(root, "tools.add_lab", name, "--title-ko", ko, "--title-en", en)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "make test" in done.stdout
    return root


def _code(root: Path) -> list[str]:
    names = [name.replace("-", "_").split("/") for name in NEW]
    return [
        str(path.relative_to(root))
        for section, topic in names
        for path in (
            root / "lab_kernel" / section / f"{topic}.py",
            root / "lab_kernel" / "explore" / section / f"{topic}.py",
            root / "lab_kernel" / "exercises" / section / f"{topic}.py",
            root / "tests" / section / f"test_{topic}.py",
        )
    ]


def test_the_labs_have_all_that_labs_have(copy: Path) -> None:
    new = [problem for problem in labs.problems(copy / "labs") if any(n in problem for n in NEW)]
    assert new == []
    assert set(NEW) <= set(labs.topics(copy / "labs"))


def test_the_code_passes_the_linters(copy: Path) -> None:
    for command in ("check", "format --check"):
        done = _run(copy, "ruff", *command.split(), "--no-cache", *_code(copy))
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_layers_hold_with_the_new_room(copy: Path) -> None:
    done = _run(copy, "importlinter.cli", "lint", "--no-cache")
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"cloud_native",' in (copy / "pyproject.toml").read_text(encoding="utf-8")


def test_its_tests_cells_and_pages_pass(copy: Path) -> None:
    """Its tests, its cells against what is stored for them, and all that pages must."""
    tests = [path for path in _code(copy) if path.startswith("tests/")]
    cells = [f"labs/ko/{name}.ipynb" for name in NEW][:1]
    done = _run(copy, "pytest", "-q", "-p", "no:cacheprovider", *tests, *cells, "tests/content")
    assert done.returncode == 0, done.stdout[-3000:]
    assert "passed" in done.stdout


def test_every_message_comes_with_its_korean(copy: Path) -> None:
    extracted = messages.extract(copy / "lab_kernel")
    new = {m for m, where in extracted.items() if any(file in _code(copy) for file in where)}
    known = messages.translations(copy / "lab_kernel")
    assert len(new) > 20
    assert [m for m in new if not known[m].string] == []


@pytest.mark.parametrize("config", ["mkdocs.yml", "mkdocs.en.yml"])
def test_the_navigation_leads_to_page_and_lab(copy: Path, config: str) -> None:
    lines = (copy / config).read_text(encoding="utf-8").splitlines()
    for name in NEW:
        page = next(n for n, line in enumerate(lines) if line.endswith(f": {name}.md"))
        assert lines[page + 1].endswith(f": labs/{name}.ipynb")
        section = name.split("/")[0]
        assert any(f"{section}/index.md" in line for line in lines[:page])


def test_the_pages_have_the_same_headings_and_fences(copy: Path) -> None:
    for name in NEW:
        korean, english = (
            (copy / "docs" / language / f"{name}.md").read_text(encoding="utf-8").splitlines()
            for language in ("ko", "en")
        )
        for mark in ("#", "```"):
            shape = [
                [line.split()[0] if mark == "#" else line for line in page if line.startswith(mark)]
                for page in (korean, english)
            ]
            assert shape[0] == shape[1]


def test_a_topic_that_is_there_is_refused_and_nothing_changes(copy: Path) -> None:
    before = (copy / "mkdocs.yml").read_bytes()
    done = _run(copy, "tools.add_lab", "kernel/queues")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "is there already" in done.stderr
    assert (copy / "mkdocs.yml").read_bytes() == before


@pytest.mark.parametrize(
    "name",
    ["", "kernel", "kernels/x", "kernel/", "kernel/Two Words", "kernel/../x", "kernel/a/b",
     "kernel/index", "kernel/class", "kernel/9lives", "kernel/-x", "/etc/passwd"],
)  # fmt: skip
def test_a_bad_name_gets_one_line(name: str, tmp_path: Path) -> None:
    done = _run(ROOT, "tools.add_lab", name) if name in ("", "kernel/a/b") else None
    if done:
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    with pytest.raises(Refused):
        values(name, None, None)


def test_a_title_that_would_break_the_navigation_is_refused() -> None:
    with pytest.raises(Refused):
        values("kernel/queues", None, 'Queues: "new"')


@pytest.mark.parametrize("section", SECTIONS)
def test_every_section_can_have_a_topic(section: str) -> None:
    filled = values(f"{section}/queues", None, None)
    pair = [notebook({**filled, "language": language}) for language in ("ko", "en")]
    assert twins(*pair) == []
