"""Begin a topic: `make add-lab NAME=kernel/processes`, or `python -m tools.add_lab NAME`.

One name, one room in every tree: this writes the page, the lab, the mechanism, its explorable, its
exercises and its test, in both languages, with the Korean messages and the lines of the
navigation. What it writes works and passes `make test` at once: a queue in front of one server,
small enough to be thrown away, big enough to show what goes where. Replace it piece by piece.
"""

from __future__ import annotations

import argparse
import json
import keyword
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from string import Template
from typing import Any

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import messages, outputs

TEMPLATES = Path(__file__).parent / "templates" / "lab"
LANGUAGES = ("ko", "en")
# From the one at the top, which may import all below it, down to the kernel.
SECTIONS = ("devops", "sre", "microservices", "cloud-native", "containers", "kernel")
WORDS = {
    "ko": {"config": "mkdocs.yml", "lab": "실습: {title}"},
    "en": {"config": "mkdocs.en.yml", "lab": "Lab: {title}"},
}


class Refused(Exception):
    """What is wrong with the name, in one line."""


def values(name: str, title_ko: str | None, title_en: str | None) -> dict[str, str]:
    """What the templates are filled with; Refused for a name that cannot be a topic's."""
    section, _slash, topic = name.partition("/")
    if section not in SECTIONS:
        sections = ", ".join(SECTIONS[::-1])
        raise Refused(f"“{name}”: write SECTION/TOPIC, where the section is one of {sections}")
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", topic) or topic == "index":
        raise Refused(
            f"“{name}”: a topic is lower-case words with dashes between, such as processes"
        )
    module = topic.replace("-", "_")
    if keyword.iskeyword(module) or module in sys.stdlib_module_names:
        raise Refused(f"“{name}”: Python itself uses the name {module}; choose another")
    plain = topic.replace("-", " ").capitalize()
    for title in (title_ko, title_en):
        if title and re.search(r'["\\\n$:#\[\]{}<>]', title):
            raise Refused(f"“{title}”: a title is plain words")
    return {
        "name": name,
        "package": section.replace("-", "_"),
        "module": module,
        "topic_name": topic.replace("-", " "),
        "title_ko": title_ko or plain,
        "title_en": title_en or plain,
    }


def files(root: Path, filled: dict[str, str]) -> dict[Path, str]:
    """Every file of a new topic and its text."""
    room = Path(filled["package"]) / f"{filled['module']}.py"
    test = Path("tests", filled["package"], f"test_{filled['module']}.py")
    sources = {
        Path("lab_kernel") / room: "mechanism.py.in",
        Path("lab_kernel", "explore") / room: "explore.py.in",
        Path("lab_kernel", "exercises") / room: "exercises.py.in",
        test: "test_mechanism.py.in",
    }
    for language in LANGUAGES:
        sources[Path("docs", language, f"{filled['name']}.md")] = f"page.{language}.md.in"
    written = {root / path: _fill(template, filled) for path, template in sources.items()}
    for language in LANGUAGES:
        lab = outputs.text(notebook({**filled, "language": language}))
        written[root / "labs" / language / f"{filled['name']}.ipynb"] = lab
    return written


def notebook(filled: dict[str, str]) -> Any:
    """The lab in the language ``filled["language"]``, not run yet.

    Its template has each code cell once, so the two languages cannot begin apart.
    """
    cells = []
    for kind, name, body in _blocks(_fill("lab.in", filled), r"=== (text|code) (\S+)\n"):
        if kind == "code":
            cells.append(new_code_cell(body, id=name))
        else:
            texts = {said[0]: said[1] for said in _blocks(body + "\n", r"--- (ko|en)\n")}
            cells.append(new_markdown_cell(texts[filled["language"]], id=name))
    new = new_notebook(cells=cells)
    outputs.tidy(new)
    return new


def scaffold(
    root: Path, name: str, title_ko: str | None = None, title_en: str | None = None
) -> list[Path]:
    """Write the topic below ``root`` and return the files that are new.

    Refused, and nothing written, when the name is bad or any of the files is there.
    """
    filled = values(name, title_ko, title_en)
    written = files(root, filled)
    for path in written:
        if path.exists() or path.with_suffix("").is_dir():
            raise Refused(f"{name}: {path.relative_to(root)} is there already")
    for package in ("", "explore", "exercises"):
        init = root / "lab_kernel" / package / filled["package"] / "__init__.py"
        if not init.exists():
            written[init] = ""
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    _sort_imports(root, list(written))
    _add_layer(root / "pyproject.toml", filled["package"])
    for language in LANGUAGES:
        _add_to_navigation(root, language, filled)
    korean: dict[str, str] = json.loads((TEMPLATES / "messages.json").read_text(encoding="utf-8"))
    messages.update(root / "lab_kernel", korean)
    return sorted(written)


def _fill(template: str, filled: dict[str, str]) -> str:
    return Template((TEMPLATES / template).read_text(encoding="utf-8")).substitute(filled)


def _blocks(text: str, mark: str) -> Iterator[tuple[str, ...]]:
    """The groups of each mark and what follows it, up to the next one."""
    marks = list(re.finditer(f"^{mark}", text, re.M))
    for this, following in zip(marks, [*marks[1:], None], strict=True):
        end = following.start() if following else len(text)
        yield (*this.groups(), text[this.end() : end].strip("\n"))


def _sort_imports(root: Path, paths: list[Path]) -> None:
    """Where a room's name comes in the alphabet, and how long it is, only ruff knows."""
    code = [str(path) for path in paths if path.suffix in (".py", ".ipynb")]
    for command in (["check", "--select", "I", "--fix"], ["format"]):
        ruff = [sys.executable, "-m", "ruff", *command, "--quiet", "--no-cache", *code]
        subprocess.run(ruff, cwd=root, check=True)


def _add_to_navigation(root: Path, language: str, filled: dict[str, str]) -> None:
    """After the last line of the same section, page and lab."""
    path = root / WORDS[language]["config"]
    lines = path.read_text(encoding="utf-8").splitlines()
    section = filled["name"].split("/")[0]
    pattern = re.compile(rf"( +)- (?:.*: )?(?:labs/)?{section}/\S+\.(?:md|ipynb)")
    places = [n for n, line in enumerate(lines) if pattern.fullmatch(line)]
    if not places:
        raise Refused(f"{path.name}: the navigation has no section {section}")
    indent = lines[places[-1]].split("-")[0]
    title = filled[f"title_{language}"]
    lab = WORDS[language]["lab"].format(title=title)
    lines[places[-1] + 1 : places[-1] + 1] = [
        f"{indent}- {title}: {filled['name']}.md",
        f'{indent}- "{lab}": labs/{filled["name"]}.ipynb',
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _add_layer(path: Path, room: str) -> None:
    """A room that is new to lab_kernel gets its layer, above the rooms it may import."""
    head, mark, rest = path.read_text(encoding="utf-8").partition("\nlayers = [\n")
    layers, end, tail = rest.partition("\n]")
    lines = layers.split("\n")
    rooms = [section.replace("-", "_") for section in SECTIONS]
    if any(re.search(rf"\b{room}\b", line) for line in lines):
        return
    below = "|".join(rooms[rooms.index(room) + 1 :])
    place = next(n for n, line in enumerate(lines) if re.search(rf"\b({below})\b", line))
    lines.insert(place, f'    "{room}",')
    path.write_text(head + mark + "\n".join(lines) + end + tail, encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.add_lab", description=__doc__)
    parser.add_argument("name", metavar="SECTION/TOPIC", nargs="?", default="", help="its name")
    parser.add_argument("--title-ko", help="the title in Korean")
    parser.add_argument("--title-en", help="the title in English")
    given = parser.parse_args(arguments)
    root = Path.cwd()
    try:
        written = scaffold(root, given.name, given.title_ko, given.title_en)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return 2
    for path in written:
        print(path.relative_to(root))
    labs = [f"labs/{language}/{given.name}.ipynb" for language in LANGUAGES]
    if failed := outputs.main(labs):
        return failed
    section, topic = given.name.replace("-", "_").split("/")
    print(f"""
It works as it stands; `make serve` shows it. Now make it yours, in this order:
  1. tests/{section}/test_{topic}.py        a result you can trust, with its source
  2. lab_kernel/{section}/{topic}.py        the mechanism that gives it
  3. lab_kernel/explore, lab_kernel/exercises   the pictures and the problems
  4. docs/ko, docs/en, labs/ko, labs/en   the page and the lab, both languages together
  5. docs/facts.json                      mark each fact where it is taught
`make messages` collects new messages for translation, `make outputs` runs the labs again,
`make test` says whether everything holds.""")
    return 0


if __name__ == "__main__":
    sys.exit(main())
