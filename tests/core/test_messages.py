from __future__ import annotations

import gettext
from pathlib import Path

import pytest

from tools import messages

ROOT = Path(__file__).parents[2]

CODE = """
from lab_kernel.language import N_, _

TITLE = N_("Which page leaves?")

def says(faults: int) -> str:
    return _("{faults} faults").format(faults=faults)
"""
KOREAN = {"Which page leaves?": "어느 페이지가 나갑니까?", "{faults} faults": "폴트 {faults}번"}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A small package with a complete catalogue."""
    package = tmp_path / "lab_kernel"
    package.mkdir()
    (package / "paging.py").write_text(CODE, encoding="utf-8")
    messages.update(package, KOREAN)
    assert messages.problems(package) == []
    return package


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_every_message_of_lab_kernel_is_in_the_korean_catalogue() -> None:
    assert messages.problems(ROOT / "lab_kernel") == []


def test_gettext_reads_what_was_compiled(package: Path) -> None:
    korean = gettext.translation("lab_kernel", package / "locale", ["ko"])
    assert korean.gettext("{faults} faults").format(faults=7) == "폴트 7번"
    assert korean.gettext("not there") == "not there"


def test_a_message_inside_an_f_string_is_found(package: Path) -> None:
    code = "html = f\"<p>{escape(_('Predict first.'))}</p>\"\n"
    (package / "page.py").write_text(code, encoding="utf-8")
    assert messages.extract(package)["Predict first."] == ["lab_kernel/page.py"]


def test_updating_again_writes_the_same_bytes_and_no_date(package: Path) -> None:
    po = messages.catalogue(package)
    before = po.read_bytes(), po.with_suffix(".mo").read_bytes()
    messages.update(package)
    assert (po.read_bytes(), po.with_suffix(".mo").read_bytes()) == before
    assert b"Date" not in before[0] + before[1]
    assert b"Babel" not in before[0] + before[1]
    assert b"paging.py:" not in before[0]  # a line number would change with every edit above it


def test_updating_keeps_what_is_translated_and_drops_what_is_gone(package: Path) -> None:
    _edit(package / "paging.py", "Which page leaves?", "Who leaves?")
    messages.update(package)
    known = messages.translations(package)
    assert set(known) == {"Who leaves?", "{faults} faults"}
    assert known["{faults} faults"].string == KOREAN["{faults} faults"]


def _new_message(package: Path) -> None:
    _edit(package / "paging.py", "Which page leaves?", "Who leaves?")


def _untranslated(package: Path) -> None:
    _edit(messages.catalogue(package), "어느 페이지가 나갑니까?", "")


def _fuzzy(package: Path) -> None:
    _edit(messages.catalogue(package), '\nmsgid "Which', '\n#, fuzzy\nmsgid "Which')


def _obsolete(package: Path) -> None:
    with messages.catalogue(package).open("a", encoding="utf-8") as file:
        file.write('\nmsgid "Gone"\nmsgstr "없음"\n')


def _placeholder_lost(package: Path) -> None:
    _edit(messages.catalogue(package), "폴트 {faults}번", "폴트 여러 번")


def _placeholder_renamed(package: Path) -> None:
    _edit(messages.catalogue(package), "폴트 {faults}번", "폴트 {fault}번")


def _not_compiled(package: Path) -> None:
    _edit(messages.catalogue(package), "폴트 {faults}번", "페이지 폴트 {faults}번")


def _no_mo(package: Path) -> None:
    messages.catalogue(package).with_suffix(".mo").unlink()


def _no_catalogue(package: Path) -> None:
    messages.catalogue(package).unlink()


def _f_string(package: Path) -> None:
    _edit(package / "paging.py", '_("{faults} faults").format(faults=faults)', '_(f"{faults} x")')


def _formatted_too_early(package: Path) -> None:
    _edit(package / "paging.py", ".format(faults=faults)", "")
    _edit(package / "paging.py", '_("{faults} faults")', '_("{faults} faults".format(faults=1))')


BROKEN = (
    _new_message,
    _untranslated,
    _fuzzy,
    _obsolete,
    _placeholder_lost,
    _placeholder_renamed,
    _not_compiled,
    _no_mo,
    _no_catalogue,
    _f_string,
    _formatted_too_early,
)


@pytest.mark.parametrize("break_it", BROKEN)
def test_a_broken_catalogue_is_caught(package: Path, break_it: object) -> None:
    assert callable(break_it)
    break_it(package)
    assert messages.problems(package) != []
