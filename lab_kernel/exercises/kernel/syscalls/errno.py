"""Why does the call fail?"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import one_of
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.errno import Errno, Refused
from lab_kernel.kernel.filesystem import FileSystem
from lab_kernel.kernel.inode import DIRECTORY
from lab_kernel.kernel.security import ROOT, Credentials, R, W, user
from lab_kernel.language import N_, _

SUCCESS = "OK"
ALICE, BOB = user(1000), user(1001)
WHO = {"alice": ALICE, "bob": BOB, "root": ROOT}
OWNERS = {0: "root", 1000: "alice", 1001: "bob"}
MODES = (0o700, 0o711, 0o744, 0o755, 0o777, 0o1777)


def _open(files: FileSystem, path: str, who: Credentials, want: int) -> None:
    inode = files.find(path, who)
    if inode.kind == DIRECTORY and want & W:
        raise Refused(Errno.EISDIR)
    inode.require(who, want)


OPERATIONS: dict[str, Callable[[FileSystem, str, Credentials], object]] = {
    'open("{path}", O_RDONLY)': lambda files, path, who: _open(files, path, who, R),
    'open("{path}", O_WRONLY)': lambda files, path, who: _open(files, path, who, W),
    'unlink("{path}")': lambda files, path, who: files.unlink(path, who),
    'mkdir("{path}", 0755)': lambda files, path, who: files.mkdir(path, who),
    'rmdir("{path}")': lambda files, path, who: files.rmdir(path, who),
    'chmod("{path}", 0600)': lambda files, path, who: files.chmod(path, who, 0o600),
}
PATHS = ("/srv/data", "/srv/data", "/srv/data", "/srv/none", "/srv", "/srv/data/more")
ANSWERS = (SUCCESS, *(e.name for e in (
    Errno.EPERM, Errno.ENOENT, Errno.EACCES, Errno.EBUSY, Errno.EEXIST, Errno.ENOTDIR,
    Errno.EISDIR, Errno.EINVAL, Errno.ENOTEMPTY, Errno.EBADF, Errno.EFAULT, Errno.ENOSYS,
)))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A directory with one file, somebody, and a call."""

    directory: tuple[int, int]  # mode, owner
    file: tuple[int, int]
    who: str
    operation: str
    path: str

    def files(self) -> FileSystem:
        files = FileSystem()
        files.add("/srv", mode=self.directory[0], uid=self.directory[1], kind=DIRECTORY)
        files.add("/srv/data", b"x", mode=self.file[0], uid=self.file[1])
        return files

    def outcome(self, who: Credentials | None = None) -> str:
        try:
            OPERATIONS[self.operation](self.files(), self.path, who or WHO[self.who])
        except Refused as refused:
            return refused.errno.name
        return SUCCESS


def _draw(rng: random.Random) -> Case:
    return Case(
        (rng.choice(MODES), rng.choice((0, 1000, 1001))),
        (rng.choice((0o600, 0o640, 0o644, 0o666)), rng.choice((0, 1000, 1001))),
        rng.choice(("alice", "alice", "bob", "bob", "root")),
        rng.choice(list(OPERATIONS)),
        rng.choice(PATHS),
    )


WANTED = (SUCCESS, "EPERM", "ENOENT", "EACCES", "EACCES", "EEXIST", "ENOTDIR", "EISDIR")


@exercise("kernel/syscalls/errno", title=N_("Which errno?"))
def errno(rng: random.Random) -> Problem:
    """The kernel itself is asked; each kind of answer is about as likely as the others."""
    wanted = rng.choice(WANTED)
    case = _draw(rng)
    while case.outcome() != wanted:
        case = _draw(rng)
    answer = case.outcome()
    listing = "\n".join(
        f"{inode.permissions} {OWNERS[inode.uid]} {path}"
        for path in ("/srv", "/srv/data")
        for inode in [case.files().find(path, ROOT)]
    )
    call = case.operation.format(path=case.path)
    return Problem(
        prompt=_(
            "The directory /srv holds the file data and nothing else:\n{listing}\nNobody is in a"
            " group that counts here. {who} calls\n{call}\nWhat is the outcome: OK, or which errno?"
        ).format(listing=listing, who=case.who, call=call),
        expects=_("OK or the name of an errno, such as ENOENT."),
        answer=answer,
        read=one_of(*ANSWERS),
        explain=recognise(_mistakes(case, answer), _("Follow the path, one directory at a time.")),
        hints=(
            _("First the way: may {who} search (x) each directory on it?").format(who=case.who),
            _(
                "To make or remove a name is to write its directory. To open is to ask the file."
                " chmod asks who owns it."
            ),
            _("It is one of: {some}.").format(some=", ".join(_some(rng, answer))),
        ),
        solution=_("{call} by {who}: {answer}. {why}").format(
            call=call, who=case.who, answer=answer, why=_why(answer)
        ),
    )


def _some(rng: random.Random, answer: str) -> list[str]:
    others = [one for one in ANSWERS[:8] if one != answer]
    return sorted([answer, *rng.sample(others, 2)])


def _why(answer: str) -> str:
    if answer == SUCCESS:
        return _("Nothing stands in its way.")
    return Errno[answer].meaning.capitalize() + "."


def _mistakes(case: Case, answer: str) -> list[Mistake]:
    mistakes: list[Mistake] = []
    if answer == "EACCES":
        mistakes.append(
            (
                "EPERM",
                _("EPERM is for what no bit could allow. Here bits refuse: EACCES."),
            )
        )
        mistakes.append(
            (
                "ENOENT",
                _("Who may not search the directory does not even learn what is not in it."),
            )
        )
    if answer == "EPERM":
        mistakes.append(
            (
                "EACCES",
                _("EACCES is about permission bits. Here it matters whose the file is: EPERM."),
            )
        )
    if answer == SUCCESS and "unlink" in case.operation:
        mistakes.append(
            (
                "EACCES",
                _("The file is not asked: to remove its name is to write the directory."),
            )
        )
    if case.outcome(ROOT) == answer != SUCCESS:
        mistakes += [
            (wrong, _("Rights are not the matter: root would get the same answer."))
            for wrong in ("EACCES", "EPERM")
        ]
    if answer != SUCCESS:
        mistakes.append((SUCCESS, _("Something stands in its way. Look at each name of the path.")))
    else:
        mistakes += [
            (
                wrong,
                _("The rights are there: read the two lines of the listing again."),
            )
            for wrong in ("EACCES", "EPERM")
        ]
    return mistakes
