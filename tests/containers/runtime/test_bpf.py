"""A filter as a BPF program decides as the filter itself.

The machine below runs the program: written after the opcodes of Linux, include/uapi/linux/filter.h
and bpf_common.h, and not after the compiler. What a real kernel does with such a program is seen in
``test_container_run``.
"""

from __future__ import annotations

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab_kernel.containers.runtime.bpf import ARCHITECTURE, program
from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.security import Action, Compare, Filter, Rule
from lab_kernel.kernel.security.profiles import PROFILES

ARM64 = 0xC000_00B7
MOST_INSTRUCTIONS = 4096  # BPF_MAXINSNS


def execute(code: bytes, number: int, arguments: tuple[int, ...], arch: int = ARCHITECTURE) -> int:
    """Run it on ``struct seccomp_data``: the 32 bits that it returns."""
    padded = (*arguments, *[0] * 6)[:6]
    data = struct.pack("<IIQ6Q", number, arch, 0, *padded)
    lines = list(struct.iter_unpack("<HBBI", code))
    accumulator, here = 0, 0
    while True:
        opcode, yes, no, k = lines[here]
        here += 1
        match opcode:
            case 0x20:  # ld [k]
                (accumulator,) = struct.unpack_from("<I", data, k)
            case 0x54:  # and #k
                accumulator &= k
            case 0x15:  # jeq #k
                here += yes if accumulator == k else no
            case 0x25:  # jgt #k
                here += yes if accumulator > k else no
            case 0x35:  # jge #k
                here += yes if accumulator >= k else no
            case 0x06:  # ret #k
                return int(k)
            case _:
                raise AssertionError(hex(opcode))


def answered(value: int) -> tuple[Action, int]:
    action = value & 0xFFFF_0000
    return Action(action - (1 << 32) if action >> 31 else action), value & 0xFFFF


interesting = st.sampled_from(
    [0, 1, 2, 0xFF, 0xFFFF_FFFF, 1 << 32, (1 << 32) + 1, 1 << 63, (1 << 64) - 1]
)
values = interesting | st.integers(0, (1 << 64) - 1)
compares = st.builds(
    Compare,
    st.integers(0, 5),
    st.sampled_from(["==", "!=", "<", "<=", ">", ">="]),
    values,
    mask=st.sampled_from([(1 << 64) - 1, 0xFFFF_FFFF, 0x7E02_0000, 1 << 40]) | values,
)
rules = st.builds(
    Rule,
    st.integers(0, 3),
    st.sampled_from(list(Action)),
    st.sampled_from([1, 13, 38]),
    st.lists(compares, max_size=3).map(tuple),
)
filters = st.builds(
    Filter, st.lists(rules, max_size=4).map(tuple), st.sampled_from(list(Action)), st.just(1)
)


@given(filters, st.integers(0, 4), st.lists(values, max_size=6).map(tuple))
def test_the_program_decides_as_the_filter(
    each: Filter, number: int, arguments: tuple[int, ...]
) -> None:
    action, errno = each.run(number, arguments)
    expected = (action, errno if action is Action.ERRNO else 0)
    assert answered(execute(program(each), number, arguments)) == expected


@pytest.mark.parametrize("name", list(PROFILES))
def test_what_ships_fits_and_is_decided_alike(name: str) -> None:
    code = program(PROFILES[name])
    assert len(code) % 8 == 0 and len(code) // 8 <= MOST_INSTRUCTIONS
    for number in range(460):
        for arguments in ((), (0x1000_0000,), (0, 0x5412), (0, 0x5413), (1 << 40, 1 << 32)):
            action, errno = PROFILES[name].run(number, arguments)
            found = answered(execute(code, number, arguments))
            assert found == (action, errno if action is Action.ERRNO else 0), (number, arguments)


def test_other_numbers_for_the_same_calls_lead_nowhere() -> None:
    code = program(Filter())
    assert answered(execute(code, 0, (), ARM64)) == (Action.KILL_PROCESS, 0)
    assert answered(execute(code, 0x4000_0000 | 57, ())) == (Action.ERRNO, Errno.ENOSYS)
