"""Cells as the page runs them, here in CPython."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from lab_kernel import cells
from lab_kernel.cells import ipython
from lab_kernel.language import current_language, language


class Lab:
    """A session, and what its last cell showed."""

    def __init__(self) -> None:
        self.session = cells.Session()
        self.outputs: list[dict[str, Any]] = []
        self.answer: dict[str, Any] = {}

    def __call__(self, source: str) -> Lab:
        self.outputs = []
        self.answer = self.session.run(source, self.outputs.append)
        return self

    def stream(self, name: str = "stdout") -> str:
        return "".join(o["text"] for o in self.outputs if o.get("stream") == name)

    @property
    def plain(self) -> list[str]:
        return [output["data"]["text/plain"] for output in self.outputs if "data" in output]

    @property
    def error(self) -> str:
        assert not self.answer["ok"]
        return str(self.outputs[-1]["error"])


@pytest.fixture
def lab() -> Iterator[Lab]:
    main = sys.modules["__main__"]
    yield Lab()
    assert sys.modules["__main__"] is main
    assert current_language() == "en"


def test_the_last_expression_is_the_cells_value(lab: Lab) -> None:
    assert lab("x = 6\nx * 7").plain == ["42"]
    assert lab.answer == {"number": 1, "ok": True}
    assert lab("x + 1  # kept from the cell above").plain == ["7"]
    assert lab.answer["number"] == 2
    assert lab("_ * 2").plain == ["14"]
    assert lab("x = 1").plain == []
    assert lab("None").plain == []
    assert lab("").outputs == []


@pytest.mark.parametrize("quiet", ["x;", "x ;  # quiet", "(x);\n\n# quiet\n", "'a;b'; x;"])
def test_a_semicolon_at_the_end_suppresses_the_value(lab: Lab, quiet: str) -> None:
    lab("x = 5")
    assert lab(quiet).outputs == []
    assert lab(quiet.replace(";", "") if "'" not in quiet else "'a;'").plain


def test_streams_are_told_while_the_cell_runs_and_in_order(lab: Lab) -> None:
    lab("import sys\nprint('one')\ndisplay(2)\nprint('three', file=sys.stderr)\n4")
    kinds = [
        output.get("stream") or ("data" in output and "data")
        for output in lab.outputs
        if output.get("text") != "\n"
    ]
    assert kinds == ["stdout", "data", "stderr", "data"]
    assert lab.stream() == "one\n"
    assert lab.stream("stderr") == "three\n"


def test_what_is_printed_without_end_is_cut(lab: Lab) -> None:
    lab("for _ in range(30):\n    print('x' * 100_000)\n'done'")
    assert 0.99 * cells.LONGEST < len(lab.stream()) <= cells.LONGEST
    assert "left out" in lab.stream("stderr")
    assert lab.plain == ["'done'"]
    writes = len(lab("for n in range(200_000): print()").outputs)
    assert writes < cells.LONGEST / 10


SHOWS = """
class Thing:
    def _repr_html_(self): return "<b>thing</b>"
    def _repr_svg_(self): return "<svg/>"
    def _repr_markdown_(self): return "**thing**"
    def __repr__(self): return "thing"
class Whole(Thing):
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": "<i>whole</i>", "text/plain": "whole"}, {"kept": False}
"""


def test_a_thing_shows_itself_by_the_display_protocol(lab: Lab) -> None:
    lab(SHOWS + "Thing()")
    assert lab.outputs[0]["data"] == {
        "text/plain": "thing",
        "text/html": "<b>thing</b>",
        "image/svg+xml": "<svg/>",
        "text/markdown": "**thing**",
    }
    assert lab("Whole()").outputs[0]["data"] == {
        "text/html": "<i>whole</i>",
        "text/plain": "whole",
    }
    assert lab("display(Thing(), 1)").plain == ["thing", "1"]
    assert lab("Thing").plain == ["__main__.Thing"]


def test_a_traceback_shows_the_cells_own_lines_and_none_of_ours(lab: Lab) -> None:
    lab("def share(total, parts):\n    return total / parts")
    said = lab("share(1, 0)").error
    assert 'File "<cell 2>", line 1' in said
    assert "share(1, 0)" in said
    assert 'File "<cell 1>", line 2, in share' in said
    assert "return total / parts" in said
    assert said.endswith("ZeroDivisionError: division by zero")
    assert "lab_kernel" not in said
    lab("class Bad:\n    def _repr_html_(self):\n        return 1 / 0")
    for source in ("Bad()", "display(Bad())"):
        said = lab(source).error
        assert 'File "<cell 3>", line 3' in said
        assert "lab_kernel" not in said
    said = lab(
        "try:\n    share(1, 0)\nexcept ZeroDivisionError as e:\n    raise KeyError from e"
    ).error
    assert said.index("ZeroDivisionError") < said.index("KeyError")
    with language("ko"):
        assert 'File "<셀 1>"' in Lab()("1 / 0").error


def test_bad_python_says_where(lab: Lab) -> None:
    said = lab("print('ran')\nif True\n    pass").error
    assert said.startswith('  File "<cell 1>", line 2')
    assert "SyntaxError" in said
    assert lab.stream() == ""
    assert "return" in lab("print('ran')\nreturn 5").error
    assert lab.stream() == ""


def test_bad_input_is_one_line(lab: Lab) -> None:
    said = lab("from lab_kernel.exercises import draw\ndraw('nowhere', seed=1)").error
    assert said.startswith("exercise: ")
    assert "\n" not in said
    assert lab("input('name?')").error.startswith("input(): ")
    for magic in ("%timeit 1", "x = 1\n!ls", "%%time\nx"):
        said = lab(magic).error
        assert "Jupyter" in said
        assert "\n" not in said


@pytest.mark.parametrize(
    "end", ["raise SystemExit(3)", "raise KeyboardInterrupt", "f = lambda: f()\nf()"]
)
def test_nothing_that_a_cell_raises_ends_the_session(lab: Lab, end: str) -> None:
    lab("kept = 1")
    assert lab(end).error
    assert lab("kept").plain == ["1"]


def test_the_source_of_what_is_defined_in_a_cell_can_be_had(lab: Lab) -> None:
    source = "def half(n):\n    '''One of two.'''\n    return n // 2"
    lab(source)
    assert lab("import inspect\nprint(inspect.getsource(half))").stream() == source + "\n\n"
    assert lab("half??").plain == [source]
    assert lab("half?").plain == ["half(n)\n\nOne of two."]
    assert lab("?half").plain == ["half(n)\n\nOne of two."]
    lab("class Mine:\n    size = 3")
    lab("class Mine:\n    size = 4\n\nmine = Mine()")
    assert lab("Mine??\nmine??").plain == ["class Mine:\n    size = 4"] * 2
    lab("from lab_kernel.kernel.replacement import Lru, simulate")
    assert "class Lru(" in lab("Lru??").plain[0]
    assert "def simulate(" in lab("simulate??").plain[0]
    assert "def victim(" in lab("Lru.victim??").plain[0]
    assert lab("print??").plain[0].startswith("print(")
    assert "nothing" in lab("nothing?").plain[0]
    assert lab("x = 1\nx?").plain[0].startswith("x: 1")


def test_a_future_import_holds_for_the_cells_after_it(lab: Lab) -> None:
    assert "NameError" in lab("def f(x: Undefined): pass\nf.__annotations__").error
    lab("from __future__ import annotations")
    assert lab("def f(x: Undefined): pass\nf.__annotations__").plain == ["{'x': 'Undefined'}"]


def test_classes_of_a_cell_are_of_main(lab: Lab) -> None:
    lab("import dataclasses, pickle\n@dataclasses.dataclass\nclass Frame:\n    number: int")
    assert lab("pickle.loads(pickle.dumps(Frame(3)))").plain == ["Frame(number=3)"]


def test_a_cell_sets_the_language_for_the_next(lab: Lab) -> None:
    lab("from lab_kernel import use_language\nuse_language('ko')")
    assert 'File "<셀 2>"' in lab("1 / 0").error


def test_an_explorable_has_its_controls(lab: Lab) -> None:
    lab("from lab_kernel.explore import explore\nexplore('kernel/memory/frames', step=4)")
    data = lab.outputs[0]["data"]
    assert "<form " in data["text/html"]
    assert "<style>" not in data["text/html"]
    assert not data["text/plain"].startswith("<")


def test_a_right_verdict_says_which_problem_is_solved(lab: Lab) -> None:
    lab("from lab_kernel.exercises import draw\nproblem = draw('kernel/memory/faults', seed=2)")
    for answer, status in (("...", "unsolved"), ("problem.answer + 1", "wrong")):
        output = lab(f"problem.check({answer})").outputs[0]
        assert f'data-status="{status}"' in output["data"]["text/html"]
        assert "solved" not in output
    output = lab("problem.check(problem.answer)").outputs[0]
    assert output["solved"] == {"name": "kernel/memory/faults", "seed": 2}


def test_what_a_cell_imports_of_ipython(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == "IPython"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    ipython.stand_in()
    try:
        lab("from IPython.display import HTML, Markdown, SVG, display\ndisplay(HTML('<b>x</b>'))")
        assert lab.outputs[0]["data"]["text/html"] == "<b>x</b>"
        assert lab("Markdown('*x*')").outputs[0]["data"]["text/markdown"] == "*x*"
        assert lab("SVG('<svg/>')").outputs[0]["data"]["image/svg+xml"] == "<svg/>"
        assert "ImportError" in lab("from IPython import get_ipython").error
    finally:
        for name in ("IPython", "IPython.display"):
            sys.modules.pop(name, None)


def test_what_an_earlier_cell_would_have_defined_is_pointed_to(lab: Lab) -> None:
    assert "“frames”" in lab("frames + 1").error.splitlines()[-1]
    with language("ko"):
        assert "셀을 먼저 실행" in Lab()("frames + 1").error
    assert "run that" not in lab("1 / 0").error
