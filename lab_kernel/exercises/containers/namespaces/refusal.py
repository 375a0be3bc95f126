"""What does the kernel answer?"""

from __future__ import annotations

import random
from functools import cache

from lab_kernel.containers.steps import run
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import one_of
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

MAP = "write /proc/self/uid_map 0 1000 1"
#: Who has got where, and the steps that lead there.
STANDINGS: dict[str, tuple[int, str]] = {
    "root": (0, ""),
    "user 1000": (1000, ""),
    "user 1000: unshare(CLONE_NEWUSER)": (1000, "unshare user"),
    "user 1000: unshare(CLONE_NEWUSER); uid_map 0 1000 1": (1000, f"unshare user\n{MAP}"),
    "user 1000: unshare(CLONE_NEWUSER | CLONE_NEWNS)": (1000, "unshare user mnt"),
    "user 1000: unshare(CLONE_NEWUSER | CLONE_NEWUTS)": (1000, "unshare user uts"),
    "user 1000: unshare(CLONE_NEWUSER | CLONE_NEWNET)": (1000, "unshare user net"),
    "root: unshare(CLONE_NEWUSER)": (0, "unshare user"),
    "root: unshare(CLONE_NEWPID)": (0, "unshare pid"),
}
WISHES = {
    'sethostname("box", 3)': "node box",
    'mount("none", "/srv", "tmpfs", 0, NULL)': "mount tmpfs /srv",
    'umount2("/proc", 0)': "umount /proc",
    "bind(socket, port 80)": "listen 80",
    "unshare(CLONE_NEWUTS)": "unshare uts",
    "unshare(CLONE_NEWPID)": "unshare pid",
    'setns(open("/proc/1/ns/uts"), 0)': "join 1 uts",
    "getpid()": "pid",
}
OK = "OK"
WHY = {
    OK: N_("The caller has what this needs over the namespace that it changes, or needs nothing."),
    "EPERM": N_("It needs a capability over the user namespace that owns what it changes."),
    "EACCES": N_("The caller has not the one right that this asks for: a low port, or a file."),
    "EINVAL": N_(
        "Such a request makes no sense here: what is locked cannot be unmounted, and the next child"
        " can be in one new pid namespace only."
    ),
}
ANSWERS = (OK, "EPERM", "EACCES", "EINVAL", "ENOENT", "ESRCH", "EBUSY")


@cache
def outcome(standing: str, wish: str) -> str:
    """What the simulated kernel says."""
    uid, first = STANDINGS[standing]
    answer = run(f"{first}\n{WISHES[wish]}".strip(), uid=uid)[-1].split(" = ")[1]
    return answer if answer.startswith("E") else OK


@exercise("containers/namespaces/refusal", title=N_("OK, or which errno?"))
def refusal(rng: random.Random) -> Problem:
    """A capability reaches what its own user namespace owns, and no further."""
    wanted = rng.choice((OK, OK, "EPERM", "EPERM", "EACCES", "EINVAL"))
    while True:
        standing, wish = rng.choice(list(STANDINGS)), rng.choice(list(WISHES))
        answer = outcome(standing, wish)
        if answer == wanted:
            break
    inside = "CLONE_NEWUSER" in standing
    mistakes: list[Mistake] = []
    if answer == OK:
        mistakes += [
            (
                wrong,
                _("Ask who owns the namespace that this changes: here the caller may.")
                if inside
                else _("Nothing stands in its way: this needs no capability, or root has it."),
            )
            for wrong in ANSWERS[1:]
        ]
    elif inside:
        mistakes.append(
            (OK, _("Its capabilities are those of its user namespace. Who owns what it changes?"))
        )
    else:
        mistakes.append((OK, _("Something is missing: a capability, or the call makes no sense.")))
    if answer in ("EPERM", "EACCES"):
        other = "EACCES" if answer == "EPERM" else "EPERM"
        mistakes.append((other, _("Refused, yes. But the two names do not mean the same.")))
    if answer == "EINVAL":
        mistakes.append(("EPERM", _("It is not a matter of rights: the request makes no sense.")))
    return Problem(
        prompt=_(
            "{standing}\nThen the same process calls\n{wish}\nOnly the namespaces named are"
            " new; /etc, /srv and /proc are the host's. What is the outcome: OK, or which errno?"
        ).format(standing=standing, wish=wish),
        expects=_("OK or the name of an errno, such as ENOENT."),
        answer=answer,
        read=one_of(*ANSWERS),
        explain=recognise(mistakes, _("Which namespace does the call change, and who owns it?")),
        hints=(
            _("Every namespace is owned by the user namespace in which it was made."),
            _("A capability counts over what the own user namespace owns, and what is inside it."),
            _("It is one of: {some}.").format(some=", ".join(_some(rng, answer))),
        ),
        solution=f"{wish}: {answer}. {_(WHY[answer])}",
    )


def _some(rng: random.Random, answer: str) -> list[str]:
    others = [one for one in ANSWERS[:4] if one != answer]
    return sorted([answer, *rng.sample(others, 2)])
