"""A seccomp filter as the kernel takes it: a small BPF program.

The simulated kernel runs a Filter by itself; a real one wants instructions. Both come from the
same rules, so that a container has the same walls here and there. A program sees
``struct seccomp_data``: the number, the architecture, and six arguments of 64 bits, of which it
loads 32 at a time. Only x86-64, whose numbers we have. Its x32 calls (bit 30) are refused, else a
filter by number could be walked around.
Source: seccomp(2); Linux, include/uapi/linux/{seccomp,filter,bpf_common,audit}.h.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.security import Action, Compare, Filter

ARCHITECTURE = 0xC000_003E  # AUDIT_ARCH_X86_64
X32 = 0x4000_0000
LOAD, AND, RETURN = 0x20, 0x54, 0x06  # BPF_LD|W|ABS, BPF_ALU|AND|K, BPF_RET|K
EQUAL, GREATER, AT_LEAST = 0x15, 0x25, 0x35  # BPF_JMP|K with JEQ, JGT, JGE
NUMBER_AT, ARCHITECTURE_AT, ARGUMENTS_AT = 0, 4, 16
_LOW = 0xFFFF_FFFF


@dataclass(frozen=True, slots=True)
class _Line:
    """``yes`` and ``no`` are labels to jump to; empty is the next line."""

    code: int
    k: int
    yes: str = ""
    no: str = ""


def program(rules: Filter) -> bytes:
    """The filter's instructions, eight bytes each."""
    lines: list[_Line | str] = [
        _Line(LOAD, ARCHITECTURE_AT),
        _Line(EQUAL, ARCHITECTURE, no="foreign"),
        _Line(LOAD, NUMBER_AT),
        _Line(AT_LEAST, X32, no="first"),
        _answer(Action.ERRNO, Errno.ENOSYS),
        "foreign",
        _answer(Action.KILL_PROCESS, 0),
        "first",
    ]
    for place, rule in enumerate(rules.rules):
        other = f"after {place}"
        lines += [_Line(LOAD, NUMBER_AT), _Line(EQUAL, rule.number, no=other)]
        for which, compare in enumerate(rule.arguments):
            lines += _comparison(compare, f"{place}.{which}", other)
        lines += [_answer(rule.action, rule.errno), other]
    lines.append(_answer(rules.default, rules.errno))
    return _assembled(lines)


def _answer(action: Action, errno: int) -> _Line:
    return _Line(RETURN, (action & _LOW) | (errno if action is Action.ERRNO else 0))


def _comparison(compare: Compare, holds: str, fails: str) -> list[_Line | str]:
    """Go on at ``holds`` or jump to ``fails``: the high halves first, then the low ones."""
    value, mask = compare.value & (_LOW << 32 | _LOW), compare.mask
    at = ARGUMENTS_AT + 8 * compare.argument
    high, low = value >> 32, value & _LOW
    load_high = [_Line(LOAD, at + 4), _Line(AND, mask >> 32 & _LOW)]
    load_low = [_Line(LOAD, at), _Line(AND, mask & _LOW)]
    yes, no = holds, fails
    if compare.comparison in ("!=", "<", "<="):  # the opposite of ==, >= and >
        yes, no = fails, holds
    if compare.comparison in ("==", "!="):
        decided = [_Line(EQUAL, high, no=no), *load_low, _Line(EQUAL, low, yes, no)]
    else:
        last = GREATER if compare.comparison in (">", "<=") else AT_LEAST
        decided = [
            _Line(GREATER, high, yes=yes), _Line(EQUAL, high, no=no),
            *load_low, _Line(last, low, yes, no),
        ]  # fmt: skip
    return [*load_high, *decided, holds]


def _assembled(lines: list[_Line | str]) -> bytes:
    """Labels become distances; a jump is forward and of at most 255 instructions."""
    places: dict[str, int] = {}
    code: list[_Line] = []
    for line in lines:
        if isinstance(line, str):
            places[line] = len(code)
        else:
            code.append(line)

    def distance(label: str, here: int) -> int:
        return places[label] - here - 1 if label else 0

    return b"".join(
        struct.pack("=HBBI", one.code, distance(one.yes, here), distance(one.no, here), one.k)
        for here, one in enumerate(code)
    )
