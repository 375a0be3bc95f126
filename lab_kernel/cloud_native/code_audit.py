"""What a program's text gives away about the twelve factors, found in its syntax tree.

Each check is a function from the tree to (line, sentence) pairs. They see what is written, not
what is meant: an address put together from parts, or state behind a library, goes unseen, and a
constant may be harmless. A passed check is not a proof.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from lab_kernel.language import _

Found: TypeAlias = Iterator[tuple[int, str]]
Check: TypeAlias = Callable[[ast.Module, Iterable[str]], Found]

_SECRET = re.compile(r"key|token|secret|password|passwd", re.IGNORECASE)
_PLACE = re.compile(r"url|host|port|address|dsn", re.IGNORECASE)
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://")
_CHANGING = {
    *("append", "add", "clear", "extend", "insert"),
    *("pop", "popitem", "remove", "setdefault", "update"),
}
_MUTABLE = (ast.Dict, ast.List, ast.Set)
_CONTAINERS = {"dict", "list", "set", "defaultdict", "Counter", "deque"}


def dependencies(tree: ast.Module, declared: Iterable[str]) -> Found:
    """II: a module that is neither Python's own nor declared; a program of the machine's."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        else:
            continue
        for name in names:
            top = name.partition(".")[0]
            if top not in sys.stdlib_module_names and top not in declared:
                yield node.lineno, _("{name} is imported and not declared").format(name=top)
    for call, name in _calls(tree):
        if name in ("subprocess.run", "subprocess.Popen", "subprocess.check_output", "os.system"):
            yield call.lineno, _("a program of the machine's is started, and nobody declared it")


def config(tree: ast.Module, _declared: Iterable[str]) -> Found:
    """III: a secret, an address or a port as a constant."""
    for name, value in _named_constants(tree):
        if _SECRET.search(name) and isinstance(value.value, str) and value.value:
            yield value.lineno, _("{name} is a secret in the code").format(name=name)
        elif _is_place(name, value):
            yield value.lineno, _("{name} is configuration in the code").format(name=name)


def services(tree: ast.Module, _declared: Iterable[str]) -> Found:
    """IV: a connection to an address that only a change of the code can change."""
    fixed = {name for name, value in _assigned(tree) if isinstance(value, ast.Constant)}
    for call, name in _calls(tree):
        if name.rpartition(".")[2] != "connect" or not call.args:
            continue
        target = call.args[0]
        constant = isinstance(target, ast.Constant)
        if constant or (isinstance(target, ast.Name) and target.id in fixed):
            yield call.lineno, _("another service cannot be attached without changing the code")


def processes(tree: ast.Module, _declared: Iterable[str]) -> Found:
    """VI: what outlives a request in this process alone: a global that functions change, a file."""
    kept = {
        name
        for name, value in _assigned(tree)
        if isinstance(value, _MUTABLE)
        or (isinstance(value, ast.Call) and _dotted(value.func) in _CONTAINERS)
    }
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(function):
                name = _changed(node)
                if name in kept:
                    yield (
                        getattr(node, "lineno", 0),
                        _("{name} is state of this process alone").format(name=name),
                    )
    for call, name in _calls(tree):
        mode = _argument(call, 1, "mode")
        if name == "open" and mode and set(mode) & set("wax+"):
            yield call.lineno, _("a file of this machine is written")


def port(tree: ast.Module, _declared: Iterable[str]) -> Found:
    """VII: it nowhere serves on a port."""
    for call, name in _calls(tree):
        bound = any(keyword.arg == "port" for keyword in call.keywords)
        if bound or name.rpartition(".")[2] in ("bind", "serve_forever"):
            return
    yield 1, _("it nowhere binds a port")


def concurrency(tree: ast.Module, _declared: Iterable[str]) -> Found:
    """VIII: it makes itself a daemon instead of leaving processes to the platform."""
    for call, name in _calls(tree):
        if name in ("os.fork", "os.setsid"):
            yield call.lineno, _("it makes itself a daemon; that is the platform's work")


def disposability(tree: ast.Module, _declared: Iterable[str]) -> Found:
    """IX: nothing is done when it is asked to stop."""
    for call, name in _calls(tree):
        asked = ast.unparse(call.args[0]) if call.args else ""
        if name.endswith(("signal", "add_signal_handler")) and "SIGTERM" in asked:
            return
    yield 1, _("SIGTERM is not handled: what it is doing is cut off")


def logs(tree: ast.Module, _declared: Iterable[str]) -> Found:
    """XI: a log that it keeps by itself in a file."""
    for call, name in _calls(tree):
        last = name.rpartition(".")[2]
        into_a_file = last == "basicConfig" and any(k.arg == "filename" for k in call.keywords)
        path = _argument(call, 0, "file") or ""
        if into_a_file or last.endswith("FileHandler") or (last == "open" and ".log" in path):
            yield call.lineno, _("the log is kept in a file")


CHECKS: Mapping[int, Check] = {
    2: dependencies,
    3: config,
    4: services,
    6: processes,
    7: port,
    8: concurrency,
    9: disposability,
    11: logs,
}


def _calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, _dotted(node.func)


def _dotted(node: ast.AST) -> str:
    """``logging.basicConfig``; what is no name has none."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return ""


def _assigned(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    """Names of the module and what they are bound to."""
    for node in tree.body:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    yield target.id, node.value
        elif isinstance(node, ast.AnnAssign) and node.value and isinstance(node.target, ast.Name):
            yield node.target.id, node.value


def _named_constants(tree: ast.Module) -> Iterator[tuple[str, ast.Constant]]:
    """Constants with a name: assigned anywhere, or given as a keyword."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            for target in node.targets:
                yield ast.unparse(target), node.value
        elif isinstance(node, ast.keyword) and isinstance(node.value, ast.Constant):
            yield node.arg or "", node.value


def _is_place(name: str, value: ast.Constant) -> bool:
    said = value.value
    if isinstance(said, str) and _ADDRESS.match(said):
        return True
    named = bool(_PLACE.search(name))
    return named and (isinstance(said, str) or (type(said) is int and said > 0))


def _changed(node: ast.AST) -> str:
    """The name of what a statement changes in place, or ''."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _dotted(node.func.value) if node.func.attr in _CHANGING else ""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del):
        return _dotted(node.value)
    return ""


def _argument(call: ast.Call, place: int, name: str) -> str | None:
    """A constant text among the arguments, by place or by name."""
    given = [k.value for k in call.keywords if k.arg == name] or call.args[place : place + 1]
    for value in given:
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return value.value
    return None
