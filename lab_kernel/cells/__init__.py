"""Runs the cells of a lab on its own page, as a notebook's kernel does and in a fraction of it.

A Session keeps the names between its cells. ``run`` executes one cell and tells, while it runs,
what there is to show: ``{"stream": "stdout", "text": ...}``, ``{"data": {mime type: text}}`` and
``{"error": ...}``. The standard library is enough for it, so it is there as soon as Python is.

Of what IPython does, a cell here has: the value of its last expression (none after a semicolon),
``_``, ``display()``, objects that show themselves (``shown``), values printed as IPython prints
them (``pretty``), ``name?`` and ``name??`` (``asking``), tracebacks with the cell's own lines
(``trouble``), ``from __future__ import annotations`` for all later cells. It has no magics, no
``!commands``, no ``In`` and ``Out``, no top-level ``await``, and nobody to answer ``input()``.
"""

from __future__ import annotations
import __future__

import ast
import io
import linecache
import sys
import tokenize
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from types import CodeType, ModuleType
from typing import Any

from lab_kernel.cells import asking, shown, trouble
from lab_kernel.cells.shown import LONGEST, Tell
from lab_kernel.errors import BadInput
from lab_kernel.language import _, current_language, language

__all__ = ["Session"]

_PER_WRITE = 20  # and what a write counts beside its characters: each is a message to the page
_FUTURE = __future__.annotations.compiler_flag


class Session:
    """Cells that see each other's names. A cell that calls use_language sets it for the next."""

    def __init__(self) -> None:
        self._main = ModuleType("__main__")  # where classes and functions say they are from
        self._names = vars(self._main)
        self._names.update(display=shown.display, input=_input, __about__=self._about)
        self._language = current_language()
        self._count = 0
        self._flags = 0
        self._last: Any = None

    def run(self, source: str, tell: Tell) -> dict[str, Any]:
        """Run one cell; its ``number`` and whether it ran to its end, ``ok``."""
        self._count += 1
        written = _Written(tell)
        with (
            language(self._language),
            self._as_main(),
            shown.to(tell),
            redirect_stdout(_Stream("stdout", written)),
            redirect_stderr(_Stream("stderr", written)),
        ):
            name = "<" + _("cell {number}").format(number=self._count) + ">"
            try:
                self._execute(source, name)
                ok = True
            except BaseException as error:  # exit(), too, ends the cell and not the page
                tell({"error": trouble.text(error)})
                ok = False
            self._language = current_language()
        return {"number": self._count, "ok": ok}

    def _execute(self, source: str, name: str) -> None:
        lines = [line + "\n" for line in source.splitlines()]
        linecache.cache[name] = (len(source), None, lines, name)
        body = self._parse(source, name).body
        last = body[-1] if body else None
        if not isinstance(last, ast.Expr):
            exec(self._compile(ast.Module(body, []), name, "exec"), self._names)
            return
        # both are compiled first: nothing of a cell runs that is not Python to its end
        before = self._compile(ast.Module(body[:-1], []), name, "exec")
        value = self._compile(ast.Expression(last.value), name, "eval")
        exec(before, self._names)
        self._result(eval(value, self._names), quiet=_ends_in_a_semicolon(source))

    def _parse(self, source: str, name: str) -> ast.Module:
        try:
            return _tree(source, name)
        except SyntaxError as error:
            questions = asking.as_calls(source)
            if questions:
                return _tree(questions, name)
            line = (source.splitlines() or [""])[(error.lineno or 1) - 1 :][:1]
            command = line[0].split() if line else []
            if command and command[0][0] in "%!":
                raise BadInput(
                    command[0],
                    _("this is one of Jupyter's own commands. On this page cells are plain Python"),
                ) from None
            raise

    def _compile(self, tree: ast.Module | ast.Expression, name: str, mode: str) -> CodeType:
        code: CodeType = compile(tree, name, mode, self._flags, dont_inherit=True)
        self._flags |= code.co_flags & _FUTURE
        return code

    def _result(self, value: Any, *, quiet: bool) -> None:
        if value is None:
            return
        if self._names.get("_", self._last) is self._last:  # unless the cells use the name
            self._names["_"] = self._last = value
        if not quiet:
            shown.display(value)

    def _about(self, name: str, more: bool) -> None:
        shown.tell({"data": {"text/plain": asking.about(name, self._names, source=more)}})

    @contextmanager
    def _as_main(self) -> Iterator[None]:
        before = sys.modules["__main__"]
        sys.modules["__main__"] = self._main
        try:
            yield
        finally:
            sys.modules["__main__"] = before


class _Written:
    """How much a cell has written to both of its streams; it is cut at a length."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._left = LONGEST

    def write(self, name: str, text: str) -> None:
        if self._left <= 0 or not text:
            return
        self._tell({"stream": name, "text": text[: self._left]})
        self._left -= len(text) + _PER_WRITE
        if self._left <= 0:
            notice = _("This is more than a page can show; the rest is left out.")
            self._tell({"stream": "stderr", "text": f"\n{notice}\n"})


class _Stream(io.TextIOBase):
    def __init__(self, name: str, written: _Written) -> None:
        self._name = name
        self._written = written

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._written.write(self._name, text)
        return len(text)


def _tree(source: str, name: str) -> ast.Module:
    tree = compile(source, name, "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    assert isinstance(tree, ast.Module)
    return tree


def _input(prompt: object = "") -> str:
    raise BadInput("input()", _("nobody can answer here; write the value into the cell"))


def _ends_in_a_semicolon(source: str) -> bool:
    skipped = (
        tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.DEDENT, tokenize.ENDMARKER,
    )  # fmt: skip
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (SyntaxError, tokenize.TokenError):  # a question mark, which is no token of Python's
        return False
    return next((t.string for t in reversed(tokens) if t.type not in skipped), "") == ";"
