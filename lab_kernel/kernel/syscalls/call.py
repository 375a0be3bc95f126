"""What every system call has: a number, and arguments of known types."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar, get_args, get_type_hints

from lab_kernel.errors import BadInput
from lab_kernel.language import _

SHOWN = 32  # letters of an argument in the Trace


@dataclass(slots=True)
class Call:
    """One request to the kernel, as the registers hold it.

    Fields stand in the order of the arguments on x86-64, unless ``decoded`` says so. Where the
    kernel gets a pointer, an int is an address in the program's memory, and text or bytes stand
    for memory that holds them. ``number`` comes from the table. An argument of another type is
    BadInput, raised where the program makes the call.
    """

    number: ClassVar[int] = -1

    def __post_init__(self) -> None:
        for name, allowed in _types(type(self)):
            value = getattr(self, name)
            if allowed and not isinstance(value, allowed):
                raise BadInput(
                    f"{type(self).__name__}.{name}",
                    _("{value!r} is not one of these: {allowed}").format(
                        value=value, allowed=", ".join(kind.__name__ for kind in allowed)
                    ),
                )

    @classmethod
    def decoded(cls, *registers: int) -> Call:
        """From the registers; TypeError or BadInput where they hold no such call."""
        return cls(*registers[: len(fields(cls))])

    @classmethod
    def named(cls) -> str:
        """As Linux calls it: ``Wait4`` is wait4."""
        return cls.__name__.lower()

    def arguments(self) -> dict[str, Any]:
        """By name, as JSON values; what is long is cut."""
        return {name: shown(getattr(self, name)) for name, _allowed in _types(type(self))}

    def registers(self) -> tuple[int, ...]:
        """What a filter sees: integers, and 0 for what lies behind a pointer."""
        values = (getattr(self, name) for name, _allowed in _types(type(self)))
        return tuple(value if isinstance(value, int) else 0 for value in values)


Types = tuple[tuple[str, tuple[type, ...]], ...]
_known: dict[type[Call], Types] = {}


def _types(call: type[Call]) -> Types:
    """The fields and what they may be; nothing: anything."""
    if call not in _known:
        _known[call] = _read_types(call)
    return _known[call]


def _read_types(call: type[Call]) -> Types:
    hints = get_type_hints(call)
    del hints["number"]
    kinds = {name: get_args(hint) or (hint,) for name, hint in hints.items()}
    return tuple(
        (name, allowed if all(type(kind) is type for kind in allowed) else ())
        for name, allowed in kinds.items()
    )


def shown(value: Any) -> Any:
    """As a JSON value of a Trace; what is long is cut."""
    if isinstance(value, bytes):
        value = value.decode("latin-1")
    if isinstance(value, str):
        return value if len(value) <= SHOWN else value[:SHOWN] + "..."
    if value is None or isinstance(value, int):
        return int(value) if isinstance(value, int) else None
    return getattr(value, "__name__", None) or str(value)[:SHOWN]


@dataclass(slots=True)
class Syscall:
    """The instruction itself: a number and integers, with no library in between.

    An unknown number is ENOSYS. All that C's library adds is a name, and turning a negative
    result into -1 and ``errno``.
    """

    number: int
    arguments: tuple[int, ...] = ()
