"""What do an exit code and the counters of a group tell?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import one_of
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

CAUSES = {
    "limit": N_("limit: the OOM killer, because the group had come to its memory.max"),
    "machine": N_("machine: the OOM killer, because the whole machine was out of memory"),
    "killed": N_("killed: somebody sent SIGKILL"),
    "fault": N_("fault: the program touched memory that is not mapped"),
    "own": N_("own: the program ended itself"),
}
KILL, SEGV, SHELL = 9, 11, 128


def case(rng: random.Random, cause: str) -> tuple[int, dict[str, int], int, int]:
    """Exit code, memory.events, peak and limit in MiB."""
    limit = rng.choice((64, 128, 256, 512))
    peak = limit if cause == "limit" or rng.random() < 0.3 else rng.randrange(limit // 4, limit - 8)
    reached = rng.randrange(1, 90) if peak == limit else 0
    events = {"max": reached, "oom": 0, "oom_kill": 0}
    code = SHELL + KILL
    if cause == "limit":
        events |= {"oom": 1, "oom_kill": 1}
    elif cause == "machine":
        events |= {"oom_kill": 1}
    elif cause == "fault":
        code = SHELL + SEGV
    elif cause == "own":
        code = rng.choice((1, 2, 3, 9, 11, 12))
    return code, events, peak, limit


@exercise("containers/cgroups/status", title=N_("What does 137 mean?"))
def status(rng: random.Random) -> Problem:
    """137 is a signal, not a cause: the counters tell the causes apart."""
    cause = rng.choice(("limit", "machine", "killed", "killed", "fault", "own"))
    code, events, peak, limit = case(rng, cause)
    signal = code - SHELL if code > SHELL else 0
    mistakes: list[Mistake] = []
    if code == SHELL + KILL:
        mistakes.append(("own", _("Above 128 it is a signal: 137 is 128 + 9, SIGKILL.")))
        mistakes.append(("fault", _("That would be SIGSEGV: 128 + 11 = 139.")))
        if not events["oom_kill"]:
            says = _("oom_kill is 0: the OOM killer took nobody of this group.")
            mistakes += [("limit", says), ("machine", says)]
        else:
            mistakes.append(("killed", _("oom_kill counts one: it was the OOM killer.")))
            if events["oom"]:
                mistakes.append(
                    ("machine", _("oom is not 0: the group itself could get no more memory."))
                )
            else:
                mistakes.append(
                    ("limit", _("oom is 0: the group never failed to get memory at its limit."))
                )
    elif code == SHELL + SEGV:
        mistakes += [
            (one, _("139 is 128 + 11, SIGSEGV, and not SIGKILL."))
            for one in ("limit", "machine", "killed")
        ]
        mistakes.append(("own", _("Above 128 it is a signal: 139 is 128 + 11.")))
    else:
        mistakes += [
            (one, _("{code} is below 128: no signal ended it.").format(code=code))
            for one in CAUSES
            if one != "own"
        ]
    meaning = (
        _("{code} = 128 + {signal}").format(code=code, signal=signal)
        if signal
        else _("{code}, no signal").format(code=code)
    )
    return Problem(
        prompt=_(
            "A container has ended with exit code {code}. Its program never exits with more than"
            " 127 itself. Its group shows:\nmemory.max {limit}M, memory.peak {peak}M\n"
            "memory.events: max {max}, oom {oom}, oom_kill {kill}\nWhat ended it?\n{causes}"
        ).format(
            code=code, limit=limit, peak=peak, max=events["max"], oom=events["oom"],
            kill=events["oom_kill"], causes="\n".join(_(one) for one in CAUSES.values()),
        ),
        expects=_("One of: {allowed}.").format(allowed=", ".join(CAUSES)),
        answer=cause,
        read=one_of(*CAUSES),
        explain=recognise(mistakes, _("Read the exit code first, then oom_kill, then oom.")),
        hints=(
            _("Above 128 the exit code is 128 plus a signal. SIGKILL is 9, SIGSEGV 11."),
            _(
                "oom_kill counts processes of the group that an OOM killer took, whichever; oom"
                " counts how often the group's own limit left no way out."
            ),
            _("{meaning}; the counters say oom {oom}, oom_kill {kill}.").format(
                meaning=meaning, oom=events["oom"], kill=events["oom_kill"]
            ),
        ),
        solution=_(
            "{meaning}; memory.events says oom {oom}, oom_kill {kill}. The answer is {cause}."
        ).format(
            meaning=meaning, oom=events["oom"], kill=events["oom_kill"], cause=cause
        ),
    )  # fmt: skip
