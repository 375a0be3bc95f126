"""Reading what strace has written."""

from __future__ import annotations

import random
from dataclasses import dataclass

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

LOG = "/var/log/app.log"
OTHER = "/srv/scratch"


@dataclass(frozen=True, slots=True)
class Listing:
    """The lines, and for each write: where it went, what it asked for, what was written."""

    lines: tuple[str, ...]
    writes: tuple[tuple[str, int, int], ...]

    def total(self, path: str) -> int:
        return sum(done for where, _asked, done in self.writes if where == path)


def listing(rng: random.Random) -> Listing:
    """Two files whose descriptors change places, a short write and one that fails."""
    lines, writes = [], []
    paths = {3: OTHER, 4: LOG} if rng.random() < 0.5 else {3: LOG, 4: OTHER}
    for fd, path in paths.items():
        lines.append(f'openat(AT_FDCWD, "{path}", O_WRONLY|O_APPEND) = {fd}')

    def write(fd: int, short: bool = False, fails: bool = False) -> None:
        asked = rng.randrange(20, 400)
        done = asked // 2 if short else asked
        said = "-1 ENOSPC (No space left on device)" if fails else str(done)
        lines.append(f'write({fd}, "..."..., {asked}) = {said}')
        writes.append((paths[fd], asked, 0 if fails else done))

    own = next(fd for fd, path in paths.items() if path == LOG)
    write(own)
    write(7 - own)
    write(own, short=True)
    for fd in rng.sample((3, 4), 2):
        lines.append(f"close({fd}) = 0")
    paths[3], paths[4] = paths[4], paths[3]
    for fd in (3, 4):
        lines.append(f'openat(AT_FDCWD, "{paths[fd]}", O_WRONLY|O_APPEND) = {fd}')
    own = 7 - own
    write(7 - own)
    write(own)
    write(own, fails=True)
    return Listing(tuple(lines), tuple(writes))


@exercise("kernel/syscalls/strace", title=N_("Read the strace"))
def strace(rng: random.Random) -> Problem:
    """Results, not requests; files, not numbers."""
    while True:
        found = listing(rng)
        answer = found.total(LOG)
        asked = sum(one for where, one, _done in found.writes if where == LOG)
        every = sum(done for _where, _asked, done in found.writes)
        numbered = {
            fd: sum(
                int(line.split("= ")[1])
                for line in found.lines
                if line.startswith(f"write({fd},") and "= -1" not in line
            )
            for fd in (3, 4)
        }
        if len({answer, asked, every, *numbered.values()}) == 5:
            break
    mistakes: list[Mistake] = [
        (
            asked,
            _("The last argument is what was asked for. What was written stands after the =."),
        ),
        (every, _("That is what went into both files.")),
        (found.total(OTHER), _("That is what went into {path}.").format(path=OTHER)),
        (answer - 1, _("-1 is no number of bytes: that call has failed.")),
    ]
    mistakes += [
        (
            total,
            _("{fd} is a number, not a file: after close and open it stands for another.").format(
                fd=fd
            ),
        )
        for fd, total in numbered.items()
    ]
    parts = [str(done) for where, _asked, done in found.writes if where == LOG and done]
    return Problem(
        prompt=_("strace shows this:\n{lines}\nHow many bytes went into {path}?").format(
            lines="\n".join(found.lines), path=LOG
        ),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(
            mistakes, _("Add up the results of the writes that went into that file.")
        ),
        hints=(
            _("What stands after the = is what the kernel returned."),
            _("Which number stands for the file, and from which line to which?"),
            _("{count} writes count.").format(count=len(parts)),
        ),
        solution=_("{sum} = {answer} bytes went into {path}.").format(
            sum=" + ".join(parts), answer=answer, path=LOG
        ),
    )
