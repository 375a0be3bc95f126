from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
import svg

from lab_kernel import figures as fig
from lab_kernel.errors import BadInput
from lab_kernel.figures import Figure
from lab_kernel.language import language
from lab_kernel.trace import Trace
from tests.figures.samples import samples

SVG = "{http://www.w3.org/2000/svg}"
SAMPLES = Path(__file__).with_name("samples.py")


def draw(title: str = "A title", description: str = "Says it", label: str = "b") -> Figure:
    return fig.bars([fig.Bar(label, [("", 1)])], title=title, description=description)


def test_every_picture_is_a_complete_file_with_its_text_alternative(
    pictures: dict[str, Figure],
) -> None:
    for picture in pictures.values():
        root = ElementTree.fromstring(picture.svg)
        assert root.tag == f"{SVG}svg"
        assert root.get("role") == "img"
        assert root.get("aria-label") == picture.title
        assert [child.tag for child in root[:3]] == [f"{SVG}title", f"{SVG}desc", f"{SVG}style"]
        assert (root[0].text, root[1].text) == (picture.title, picture.description)
        assert root.get("viewBox") == f"0 0 {picture.width} {picture.height}"
        assert repr(picture) == f"{picture.title}: {picture.description}"


def test_no_element_has_an_id_or_points_anywhere(pictures: dict[str, Figure]) -> None:
    for picture in pictures.values():
        for element in ElementTree.fromstring(picture.svg).iter():
            assert not {"id", "href", "style"} & set(element.keys()) or element.tag == f"{SVG}svg"
        assert "url(" not in picture.svg and "id=" not in picture.svg


def test_coordinates_are_short_numbers(pictures: dict[str, Figure]) -> None:
    for picture in pictures.values():
        for element in ElementTree.fromstring(picture.svg).iter():
            for name in ("x", "y", "width", "height", "cx", "cy", "r"):
                text = element.get(name, "0")
                assert len(text.partition(".")[2]) <= 2 and "e" not in text


def digests(python: str, seed: int) -> str:
    # svg.py is pure Python, so another version may import it from here
    path = os.pathsep.join([str(Path.cwd()), str(Path(svg.__file__).parent.parent)])
    environment = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": path}
    command = [python, "-B", str(SAMPLES)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout


def test_the_same_bytes_whatever_the_hash_seed() -> None:
    assert len(digests(sys.executable, 0).splitlines()) == 2 * len(samples(ko=True))
    assert digests(sys.executable, 0) == digests(sys.executable, 4242)


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14"])
def test_the_same_bytes_on_every_python(version: str) -> None:
    python = shutil.which(f"python{version}")
    if not python or subprocess.run([python, "-V"], capture_output=True).returncode:
        pytest.skip(f"no Python {version} here")
    assert digests(python, 1) == digests(sys.executable, 2)


@pytest.mark.parametrize("empty", ["", "  \n"])
def test_a_picture_must_be_described(empty: str) -> None:
    with pytest.raises(BadInput, match=r"^description: "):
        draw(description=empty)
    with pytest.raises(BadInput, match=r"^title: "):
        draw(title=empty)


def test_any_text_is_safe() -> None:
    nasty = "a<b> & \"c\" 'd' ]]> \x00\ud800 한글"
    picture = draw(nasty, nasty, nasty)
    root = ElementTree.fromstring(picture.svg.encode())
    shown = nasty.replace("\x00", "?").replace("\ud800", "?")
    assert root.get("aria-label") == shown
    assert root[1].text == shown
    assert "<b>" not in picture.html()


def test_the_language_is_named_for_the_voice_that_reads_it() -> None:
    with language("en"):
        assert ElementTree.fromstring(draw().svg).get("lang") == "en"


def test_saving_writes_the_file(tmp_path: Path) -> None:
    picture = draw("제목")
    picture.save(tmp_path / "a.svg")
    assert (tmp_path / "a.svg").read_bytes() == picture.svg.encode()


def test_only_what_is_too_wide_for_a_phone_scrolls(pictures: dict[str, Figure]) -> None:
    narrow, wide = pictures["lines"], pictures["long grid"]
    assert narrow.html() == narrow._repr_html_() == narrow.svg
    region = ElementTree.fromstring(wide.html())
    assert region.tag == "div"
    assert region.get("style") == "overflow-x:auto"
    assert (region.get("role"), region.get("tabindex")) == ("region", "0")
    assert region.get("aria-label") == wide.title


ABOUT = {"title": "t", "description": "d"}
AXES = {"x_label": "x", "y_label": "y"}
NOTHING: dict[str, Callable[[], Figure]] = {
    "timeline": lambda: fig.timeline(Trace(), x_label="x", **ABOUT),
    "memory_map": lambda: fig.memory_map([], **ABOUT),
    "frame_grid": lambda: fig.frame_grid([], **ABOUT),
    "line_chart": lambda: fig.line_chart([], **AXES, **ABOUT),
    "step_chart": lambda: fig.step_chart([fig.Series("a", [])], **AXES, **ABOUT),
    "bars": lambda: fig.bars([], **ABOUT),
    "blocks": lambda: fig.blocks([fig.Strip("at the start", [])], **ABOUT),
    "buddy_tree": lambda: fig.buddy_tree([], **ABOUT),
}


@pytest.mark.parametrize("name", NOTHING)
def test_without_data_a_picture_says_so(name: str) -> None:
    root = ElementTree.fromstring(NOTHING[name]().svg)
    sentence = [text.text for text in root.iter(f"{SVG}text")][-1]
    assert sentence and sentence.endswith(".")


R, B, S, C, F, T = fig.Region, fig.Block, fig.Strip, fig.Column, fig.Field, fig.Table
WRONG: dict[str, Callable[[], Figure]] = {
    "regions: overlap": lambda: fig.memory_map([R(0, 9, "a", "k"), R(8, 12, "b", "k")], **ABOUT),
    "regions: empty": lambda: fig.memory_map([R(5, 5, "a", "k")], **ABOUT),
    "columns: uneven": lambda: fig.frame_grid(
        [C("1", ("1",), False, 0), C("2", ("1", "2"), False, 1)], **ABOUT
    ),
    "columns: too many": lambda: fig.frame_grid([C("1", ("1",), True, 0)] * 201, **ABOUT),
    "points: not finite": lambda: fig.line_chart(
        [fig.Series("a", [(0, float("nan"))])], **AXES, **ABOUT
    ),
    "points: x falls": lambda: fig.line_chart([fig.Series("a", [(1, 0), (0, 0)])], **AXES, **ABOUT),
    "series: too many": lambda: fig.line_chart([fig.Series("a", [(1, 0)])] * 7, **AXES, **ABOUT),
    "rows: negative": lambda: fig.bars([fig.Bar("a", [("", -1)])], **ABOUT),
    "steps: overlap": lambda: fig.blocks([S("", [B(0, 4, "s"), B(3, 1, "s")])], **ABOUT),
    "steps: no size": lambda: fig.blocks([S("", [B(0, 0, "s")])], **ABOUT),
    "orders: overlap": lambda: fig.buddy_tree([S("", [B(0, 4, "s"), B(0, 4, "s")])], **ABOUT),
    "fields: none left over": lambda: fig.table_walk(
        "a", [F("f", "0", "0")], [T("t", [("0", "e")])], "r", **ABOUT
    ),
    "tables: picked nothing": lambda: fig.table_walk(
        "a", [F("f", "1", "0"), F("g", "0", "0")], [T("t", [("0", "e")], 1)], "r", **ABOUT
    ),
    "trace: too many": lambda: _crowd(),
}


def _crowd() -> Figure:
    trace = Trace()
    for time in range(2001):
        trace.add(time, "a", "k", "n")
    return fig.timeline(trace, x_label="x", **ABOUT)


@pytest.mark.parametrize("case", WRONG)
def test_data_that_contradicts_itself_is_bad_input(case: str) -> None:
    with pytest.raises(BadInput) as caught:
        WRONG[case]()
    assert caught.value.argument == case.partition(":")[0]
    assert caught.value.message
