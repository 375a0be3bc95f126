"""Users and groups by name, from the container's own files: each image has its own."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from lab_kernel.language import _

MOST_ID = (1 << 32) - 2  # the last number means "leave it" to the system calls


@dataclass(frozen=True, slots=True)
class Account:
    uid: int
    gid: int
    groups: tuple[int, ...]
    home: str


def find(user: str, root: Path = Path("/")) -> Account:
    """``UID``, ``NAME``, ``UID:GID`` or ``NAME:GROUP``. OSError for a name that is not there.

    A number need not be in the files; its group is then 0, as the usual runtimes have it.
    """
    name, _colon, group = user.partition(":")
    users, groups = _rows(root / "etc/passwd", 7), _rows(root / "etc/group", 4)
    row = next((row for row in users if name in (row[0], row[2])), None)
    if row is None and not name.isdecimal():
        raise OSError(0, _("there is no user “{name}” in the image").format(name=name))
    uid = int(row[2]) if row else int(name)
    gid = _gid(group, groups) if group else int(row[3]) if row else 0
    if max(uid, gid) > MOST_ID:
        message = _("{number} is out of range: users and groups go from 0 to {most}")
        raise OSError(0, message.format(number=max(uid, gid), most=MOST_ID))
    others: tuple[int, ...] = ()
    if row and not group:
        others = tuple(int(each[2]) for each in groups if row[0] in each[3].split(","))
    return Account(uid, gid, others, row[5] if row and row[5] else "/")


def _gid(group: str, groups: list[list[str]]) -> int:
    for row in groups:
        if group in (row[0], row[2]):
            return int(row[2])
    if group.isdecimal():
        return int(group)
    raise OSError(0, _("there is no group “{name}” in the image").format(name=group))


def _rows(path: Path, fields: int) -> list[list[str]]:
    """The lines of /etc/passwd or /etc/group that are whole; none without the file."""
    with contextlib.suppress(OSError):
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        rows = [line.split(":") for line in lines]
        return [row for row in rows if len(row) == fields and row[2].isdecimal()]
    return []
