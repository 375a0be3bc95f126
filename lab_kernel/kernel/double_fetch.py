"""Check the copy, not the original: a user can change its memory while the kernel looks at it.

A handler is given the address of a request that begins with its length, and must not copy more
than fits into a buffer of the kernel. Another thread of the same process runs on another CPU and
writes a larger length, at the worst moment that it can find. A handler that reads the length from
the user's memory twice (to check it, and to use it) checks one number and uses another.
Source: P. Wang et al., "How Double-Fetch Situations turn into Double-Fetch Vulnerabilities",
USENIX Security 2017. Left out: memory order, and the bytes themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass

from lab_kernel.kernel.errno import Errno, Refused

BUFFER = 16  # bytes

Memory = dict[str, int]
Handler = Callable[[Memory], Generator[str, None, int]]


def careless(user: Memory) -> Generator[str, None, int]:
    """Fetches twice."""
    checked = user["length"]
    yield "fetch"
    yield "check"
    if checked > BUFFER:
        raise Refused(Errno.EINVAL)
    used = user["length"]
    yield "fetch again"
    yield "copy"
    return used


def careful(user: Memory) -> Generator[str, None, int]:
    """Fetches once, and from then on knows only its own copy."""
    length = user["length"]
    yield "fetch"
    yield "check"
    if length > BUFFER:
        raise Refused(Errno.EINVAL)
    yield "copy"
    return length


@dataclass(frozen=True, slots=True)
class Race:
    """What happened: the steps in order (``write`` is the other thread's), and what was copied.

    ``copied`` is None when the call was refused.
    """

    steps: tuple[str, ...]
    copied: int | None

    @property
    def overflow(self) -> bool:
        """More was copied than fits: other memory of the kernel is overwritten."""
        return self.copied is not None and self.copied > BUFFER


def race(handler: Handler, first: int, then: int, when: int) -> Race:
    """The length is ``first``; before the handler's step ``when`` the other thread makes it
    ``then``. A ``when`` beyond the last step comes too late."""
    user, steps, copied = {"length": first}, list[str](), None
    running = handler(user)
    try:
        while True:
            if len(steps) == when:
                user["length"] = then
                steps.append("write")
            steps.append(next(running))
    except StopIteration as end:
        copied = end.value
    except Refused:
        pass
    if "write" not in steps:
        steps.append("write")
    return Race(tuple(steps), copied)
