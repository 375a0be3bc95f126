"""The pictures' own writer, held against svg.py's."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
import svg

from lab_kernel.figures import canvas
from lab_kernel.figures.writing import written


@pytest.mark.parametrize("korean", [True, False], ids=["ko", "en"])
def test_every_sort_of_picture_is_written_as_svg_py_writes_it(
    korean: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[svg.Element] = []

    def both(element: svg.Element) -> str:
        seen.append(element)
        return written(element)

    monkeypatch.setattr(canvas, "written", both)
    samples = runpy.run_path(str(Path(__file__).with_name("samples.py")))["samples"]
    pictures = samples(korean)
    assert len(seen) == len(pictures)
    assert [written(element) for element in seen] == [str(element) for element in seen]


def test_values_out_of_the_common_too() -> None:
    for element in (
        svg.Rect(
            x=svg.Length(3, "em"), class_=["a", "b"], stroke_dasharray=[1, 2.5], data={"a": "b"}
        ),
        svg.AnimateTransform(values=["1", "2"]),
        svg.G(elements=[]),
    ):
        assert written(element) == str(element)
