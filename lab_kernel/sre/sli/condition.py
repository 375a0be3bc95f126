"""Conditions on events: ``status<500 and seconds<0.3``.

Names of an event's fields, numbers (``0.3`` or ``300ms``), texts in quotation marks, the
comparisons ``< <= > >= == !=``, and ``and or not ( )``. Comparisons chain: ``400<=status<500``. A
text that ends with ``*`` means all that begin so: ``path=="/products/*"``.

A condition is read by the grammar below and nothing else, and compiled from a tree that this
module has made: no text of a person's is ever evaluated.

    any         = all { "or" all }
    all         = not { "and" not }
    not         = "not" not | "(" any ")" | comparison
    comparison  = operand operator operand { operator operand }
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.sre.sli.event import Event

NUMBERS = ("status", "seconds", "bytes", "time")
TEXTS = ("method", "path", "agent", "address")
GOOD = "status<500"
VALID = 'path!="/healthz"'  # a health check is no user
LONGEST, DEEPEST = 1000, 50

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?(?:ms|s)?)(?![\w.])|(?P<name>[A-Za-z_]\w*)
    |(?P<text>"[^"]*"|'[^']*')|(?P<operator><=|>=|==|!=|<|>)|(?P<bracket>[()]))""",
    re.VERBOSE,
)
_OPERATORS: dict[str, type[ast.cmpop]] = {
    "<": ast.Lt, "<=": ast.LtE, ">": ast.Gt, ">=": ast.GtE, "==": ast.Eq, "!=": ast.NotEq,
}  # fmt: skip


@dataclass(frozen=True)
class Condition:
    """Call it with an event. ``text`` is how it was written."""

    text: str
    test: Callable[[Event], bool] = field(repr=False, compare=False)

    def __call__(self, event: Event) -> bool:
        return self.test(event)


def condition(text: str, argument: str = "condition") -> Condition:
    """Read a condition; BadInput names the column (from 1) where it cannot be one."""
    tree = _Reader(text, argument).read()
    body = ast.Expression(
        ast.Lambda(
            ast.arguments(
                posonlyargs=[], args=[ast.arg("event")], kwonlyargs=[], kw_defaults=[], defaults=[]
            ),
            tree,
        )
    )
    code = compile(ast.fix_missing_locations(body), "<condition>", "eval")
    return Condition(text.strip(), eval(code, {"__builtins__": {}}))


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    column: int


class _Reader:
    """Recursive descent, one method for each line of the grammar."""

    def __init__(self, text: str, argument: str) -> None:
        self.argument = argument
        if len(text) > LONGEST:
            raise BadInput(argument, _("longer than {most} characters").format(most=LONGEST))
        self.tokens, self.next, self.depth = self._tokens(text), 0, 0

    def _tokens(self, text: str) -> list[_Token]:
        tokens, at, end = [], 0, len(text.rstrip())
        while at < end:
            found = _TOKEN.match(text, at)
            if found is None or found.lastgroup is None:
                at += len(text[at:]) - len(text[at:].lstrip())
                raise self._refuse(at + 1, _("“{text}” cannot be read").format(text=text[at]))
            kind = found.lastgroup
            word = found[kind]
            if kind == "name" and word in ("and", "or", "not"):
                kind = "word"
            tokens.append(_Token(kind, word, found.start(found.lastgroup) + 1))
            at = found.end()
        return [*tokens, _Token("end", "", end + 1)]

    def _refuse(self, column: int, why: str) -> BadInput:
        message = _("column {column}: {why}").format(column=column, why=why)
        return BadInput(self.argument, message)

    def _expected(self, what: str) -> BadInput:
        token = self.tokens[self.next]
        if token.kind == "end":
            return self._refuse(token.column, _("expected {what}").format(what=what))
        why = _("expected {what}, found “{text}”").format(what=what, text=token.text)
        return self._refuse(token.column, why)

    def _take(self, text: str) -> bool:
        token = self.tokens[self.next]
        taken = token.kind in ("word", "bracket") and token.text == text
        self.next += taken
        return taken

    def read(self) -> ast.expr:
        tree = self.any()
        if self.tokens[self.next].kind != "end":
            raise self._expected(_("“and”, “or” or the end"))
        return tree

    def any(self) -> ast.expr:
        parts = [self.all()]
        while self._take("or"):
            parts.append(self.all())
        return parts[0] if len(parts) == 1 else ast.BoolOp(ast.Or(), parts)

    def all(self) -> ast.expr:
        parts = [self.negation()]
        while self._take("and"):
            parts.append(self.negation())
        return parts[0] if len(parts) == 1 else ast.BoolOp(ast.And(), parts)

    def negation(self) -> ast.expr:
        self.depth += 1
        if self.depth > DEEPEST:
            raise self._refuse(self.tokens[self.next].column, _("nested too deeply"))
        if self._take("not"):
            tree: ast.expr = ast.UnaryOp(ast.Not(), self.negation())
        elif self._take("("):
            tree = self.any()
            if not self._take(")"):
                raise self._expected("“)”")
        else:
            tree = self.comparison()
        self.depth -= 1
        return tree

    def comparison(self) -> ast.expr:
        left = self.operand()
        chain = []
        while self.tokens[self.next].kind == "operator":
            operator = self.tokens[self.next]
            self.next += 1
            right = self.operand()
            chain.append(self._compare(left, operator, right))
            left = right
        if not chain:
            raise self._expected(_("a comparison"))
        return chain[0] if len(chain) == 1 else ast.BoolOp(ast.And(), chain)

    def operand(self) -> _Token:
        token = self.tokens[self.next]
        if token.kind not in ("number", "name", "text"):
            raise self._expected(_("a name, a number or a text"))
        if token.kind == "name" and token.text not in (*NUMBERS, *TEXTS):
            allowed = ", ".join((*NUMBERS, *TEXTS))
            why = _("there is no “{name}”; choose one of: {allowed}")
            raise self._refuse(token.column, why.format(name=token.text, allowed=allowed))
        self.next += 1
        return token

    def _compare(self, left: _Token, operator: _Token, right: _Token) -> ast.expr:
        if _is_text(left) != _is_text(right):
            raise self._refuse(operator.column, _("a number is not compared with a text"))
        if _is_text(left) and operator.text not in ("==", "!="):
            raise self._refuse(operator.column, _("texts are compared with == and !="))
        if left.kind == "text" and right.kind == "name":
            left, right = right, left
        if right.kind == "text" and right.text.endswith(("*'", '*"')):
            begins: ast.expr = ast.Call(
                ast.Attribute(_value(left), "startswith", ast.Load()),
                [ast.Constant(right.text[1:-2])],
                [],
            )
            return begins if operator.text == "==" else ast.UnaryOp(ast.Not(), begins)
        return ast.Compare(_value(left), [_OPERATORS[operator.text]()], [_value(right)])


def _is_text(token: _Token) -> bool:
    return token.kind == "text" or token.text in TEXTS


def _value(token: _Token) -> ast.expr:
    if token.kind == "name":
        return ast.Attribute(ast.Name("event", ast.Load()), token.text, ast.Load())
    if token.kind == "text":
        return ast.Constant(token.text[1:-1])
    if token.text.endswith("ms"):
        return ast.Constant(float(token.text[:-2]) / 1000)
    return ast.Constant(float(token.text.removesuffix("s")))
