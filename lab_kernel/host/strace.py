"""System calls of real programs, as strace writes them down.

Read is what ``strace -f -ttt -T -o FILE`` writes, and less of it: without ``-T`` calls have no
duration, without ``-ttt`` they are a tick apart, without ``-f`` they belong to one process. A
call that another process interrupted (``<unfinished ...>``, ``<... read resumed>``) is put
together again. Source: strace(1), and strace's own output.

Left out: what the arguments mean (they are kept as text), strace's own summary (``-c``, ``-C``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lab_kernel.errors import BadInput
from lab_kernel.language import _
from lab_kernel.trace import Trace

_LINE = re.compile(
    r"(?:\[pid\s+(?P<bracket>\d{1,10})\]\s+|(?P<pid>\d{1,10})\s+)?(?P<time>\d{1,12}\.\d{6}\s+)?(?P<rest>\S.*)"
)
_CALL = re.compile(r"(?P<name>[a-z_][a-z0-9_]*)\((?P<args>.*)", re.DOTALL)
_RESUMED = re.compile(r"<\.\.\. (?P<name>[a-z_][a-z0-9_]*) resumed>(?P<rest>.*)")
_UNFINISHED = re.compile(r"\s*<unfinished \.\.\.>$")
# the last " = " that a result follows; its own words may hold signs of every kind
_RESULT = re.compile(
    r"(?P<args>.*)\)\s+= (?P<result>-?\d+|0x[0-9a-f]+|\?)"
    r"(?P<said>.*?)(?:\s*<(?P<took>\d+\.\d{6})>)?$"
)
_ERRNO = re.compile(r"\s+(E[A-Z0-9]+|ERESTART[A-Z_]*)\b")
_SIGNAL = re.compile(r"--- (?P<name>SIG[A-Z0-9]+|stopped by SIG[A-Z]+)\b.*---$")
_END = re.compile(r"\+\+\+ (?P<how>exited with \d+|killed by SIG[A-Z0-9]+).*\+\+\+$")
_SUMMARY = re.compile(r"% time\s+seconds\s")


@dataclass(frozen=True, slots=True)
class Strace:
    """What was read: ``trace`` in microseconds from the first line on, a track for each process.

    Kinds: ``call``, ``error`` (a call that failed; ``errno`` says how), ``signal``, ``exit``.
    Details of a call: ``args`` as text, ``result``. ``unread`` counts the lines that are none of
    these, ``unfinished`` the calls whose end is not in the file.
    """

    trace: Trace
    unread: int
    unfinished: int


@dataclass(slots=True)
class _Begun:
    name: str
    args: str
    time: int


def read_strace(lines: Iterable[str]) -> Strace:
    """Read strace's text. BadInput when not one line of it is a system call."""
    trace = Trace()
    begun: dict[str, _Begun] = {}
    unread, first, tick = 0, None, 0
    for line in lines:
        if line.startswith("#"):  # our recorder's words about the recording
            continue
        if _SUMMARY.match(line):
            break
        match = _LINE.fullmatch(line.rstrip("\r\n"))
        if match is None:
            unread += bool(line.strip())
            continue
        track = match["bracket"] or match["pid"] or ""
        if match["time"] is None:
            time, tick = tick, tick + 1
        else:
            seconds, micros = match["time"].strip().split(".")
            now = int(seconds) * 1_000_000 + int(micros)
            first = now if first is None else first
            time = now - first
        unread += not _read(trace, begun, track, time, match["rest"])
    if not trace.counts().keys() & {"call", "error"}:
        raise BadInput("strace", _("there is no system call in it, as strace writes them"))
    trace.events.sort(key=lambda event: event.time)
    return Strace(trace, unread, len(begun))


def _read(trace: Trace, begun: dict[str, _Begun], track: str, time: int, rest: str) -> bool:
    """One line without its process and time; whether it was understood."""
    if resumed := _RESUMED.fullmatch(rest):
        call = begun.pop(track, None)
        if call is None or call.name != resumed["name"]:
            return False
        whole = _RESULT.fullmatch(call.args + resumed["rest"])
        return whole is not None and _add(trace, track, call, whole)
    if called := _CALL.fullmatch(rest):
        call = _Begun(called["name"], called["args"], time)
        if _UNFINISHED.search(rest):
            call.args = _UNFINISHED.sub("", call.args)
            begun[track] = call
            return True
        whole = _RESULT.fullmatch(called["args"])
        return whole is not None and _add(trace, track, call, whole)
    if signal := _SIGNAL.fullmatch(rest):
        trace.add(time, track, "signal", signal["name"])
    elif end := _END.fullmatch(rest):
        begun.pop(track, None)
        trace.add(time, track, "exit", end["how"])
    else:
        return False
    return True


def _add(trace: Trace, track: str, call: _Begun, whole: re.Match[str]) -> bool:
    took = round(float(whole["took"]) * 1_000_000) if whole["took"] else 0
    details: dict[str, str] = {"args": whole["args"], "result": whole["result"]}
    failed = _ERRNO.match(whole["said"]) if whole["result"] in ("-1", "?") else None
    if failed:  # "?": to be restarted after a signal, which strace counts as a failure, too
        details["errno"] = failed[1]
    kind = "error" if failed else "call"
    trace.add(call.time, track, kind, call.name, took, **details)
    return True


@dataclass(frozen=True, slots=True)
class Count:
    """One system call: how often, how often it failed, and how long in all (microseconds)."""

    name: str
    calls: int
    errors: int
    time: int


def counts(trace: Trace) -> list[Count]:
    """Every system call of the trace, the one that took longest first."""
    found: dict[str, list[int]] = {}
    for event in trace:
        if event.kind in ("call", "error"):
            row = found.setdefault(event.name, [0, 0, 0])
            row[0] += 1
            row[1] += event.kind == "error"
            row[2] += event.duration
    rows = [Count(name, *row) for name, row in found.items()]
    return sorted(rows, key=lambda row: (-row.time, -row.calls, row.name))
