"""The Korean catalogue: `make messages`, or `python -m tools.messages [--check]`.

Source strings are English and stand in the code, inside ``_()`` and ``N_()``. This collects them
into ``lab_kernel/locale/ko/LC_MESSAGES/lab_kernel.po``, where a person translates them, and
compiles that into the ``.mo`` that gettext reads. What has gone from the code goes from the
catalogue. ``--check`` changes nothing and fails unless every message is there, translated, and
compiled. Both files are the same to the byte whoever writes them: no dates, no line numbers.
"""

from __future__ import annotations

import argparse
import ast
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from string import Formatter

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path("lab_kernel")
HEADER = "# What lab_kernel says, in Korean. Translate here, then run `make messages`."


class _Dateless(Catalog):
    """A catalogue that is written alike at any time and with any version of Babel."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "lab_kernel"),
            ("Language", "ko"),
            ("Plural-Forms", "nplurals=1; plural=0;"),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]


def catalogue(package: Path = PACKAGE) -> Path:
    """Where the translations into Korean are."""
    return package / "locale" / "ko" / "LC_MESSAGES" / "lab_kernel.po"


def extract(package: Path = PACKAGE) -> dict[str, list[str]]:
    """Every message of the package and the files it stands in, in the order of the code."""
    found: dict[str, list[str]] = {}
    for where, _line, argument in _marked(package):
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            files = found.setdefault(argument.value, [])
            if where not in files:
                files.append(where)
    return found


def translations(package: Path = PACKAGE) -> dict[str, Message]:
    """What the catalogue holds now, by message; empty when there is none yet."""
    path = catalogue(package)
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {str(message.id): message for message in read_po(file, locale="ko") if message.id}


def merge(
    messages: dict[str, list[str]], known: dict[str, Message], more: dict[str, str] | None = None
) -> Catalog:
    """A catalogue of these messages, with the translations known and those in ``more``."""
    merged = _Dateless(locale="ko", charset="utf-8", fuzzy=False, header_comment=HEADER)
    for message, files in messages.items():
        old = known.get(message)
        korean = str(old.string) if old else (more or {}).get(message, "")
        flags = {"fuzzy"} if old is not None and old.fuzzy else set()
        merged.add(message, korean, locations=[(file, 0) for file in files], flags=flags)
    return merged


def po(catalog: Catalog) -> bytes:
    file = io.BytesIO()
    write_po(file, catalog, width=98, include_lineno=False, sort_by_file=True)
    return file.getvalue()


def mo(catalog: Catalog) -> bytes:
    """Without the fuzzy and the empty ones: gettext shows the English instead."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def update(package: Path = PACKAGE, more: dict[str, str] | None = None) -> None:
    """Collect, keep what is translated, compile."""
    merged = merge(extract(package), translations(package), more)
    path = catalogue(package)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(po(merged))
    path.with_suffix(".mo").write_bytes(mo(merged))


def problems(package: Path = PACKAGE) -> list[str]:
    """What keeps a reader from seeing every message in Korean, one line each."""
    messages, known = extract(package), translations(package)
    found = [f"{where}: a message must be one plain string" for where in _not_plain(package)]
    for message, files in messages.items():
        where = f"{files[0]}: “{message}”"
        entry = known.get(message)
        if entry is None:
            found.append(f"{where} is not in the catalogue; run `make messages`")
        elif not entry.string:
            found.append(f"{where} is not translated")
        elif entry.fuzzy:
            found.append(f"{where} is marked fuzzy: look at it and take the mark away")
        elif placeholders(message) != placeholders(str(entry.string)):
            found.append(f"{where} has other placeholders than “{entry.string}”")
    found += [f"“{m}” is in the catalogue, but not in the code" for m in known if m not in messages]
    path = catalogue(package)
    merged = merge(messages, known)
    for file, content in ((path, po(merged)), (path.with_suffix(".mo"), mo(merged))):
        if not found and (not file.exists() or file.read_bytes() != content):
            found.append(f"{file} is not as `make messages` writes it")
    return found


def placeholders(message: str) -> set[str]:
    """The names in braces, ``{frames}``, with their formats."""
    try:
        return {
            f"{name}:{form}"
            for _text, name, form, _conversion in Formatter().parse(message)
            if name is not None
        }
    except ValueError:  # a brace that stands for itself: it is never formatted
        return set()


def _marked(package: Path) -> Iterator[tuple[str, int, ast.expr]]:
    """(file, line, argument) of every call of ``_`` and ``N_``.

    From the syntax tree, not with Babel's extractor, which does not look inside an f-string.
    """
    for path in sorted(package.rglob("*.py")):
        nodes: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
        while nodes:  # in the order of the code, which is the same under every Python
            node = nodes.pop()
            nodes += reversed(list(ast.iter_child_nodes(node)))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
                if node.func.id not in ("_", "N_"):
                    continue
                yield path.relative_to(package.parent).as_posix(), node.lineno, node.args[0]


def _not_plain(package: Path) -> Iterator[str]:
    """Calls whose message is made on the way, as in ``_(f"...")`` or ``_("...".format(...))``.

    A name is fine: what it stands for is marked with ``N_`` where it is written.
    """
    for where, line, argument in _marked(package):
        if isinstance(argument, (ast.JoinedStr, ast.BinOp, ast.Call)):
            yield f"{where}:{line}"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.messages", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing, fail on a problem")
    if not parser.parse_args(arguments).check:
        update()
    found = problems()
    print("\n".join(found) or "Every message is in the Korean catalogue.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
