"""Does the kernel promise a program that much memory? Mode 2 of vm.overcommit_memory."""

from __future__ import annotations

import random
from typing import Any

from lab_kernel.errors import BadInput
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.kernel.oom import NEVER, Commit
from lab_kernel.language import N_, _

YES, NO = "yes", "no"
# However people say it, in either language.
_SAID = {
    YES: ("yes", "y", "true", "예", "네", "응"),
    NO: ("no", "n", "false", "아니요", "아니오", "아뇨"),
}


def _yes_or_no(given: Any) -> str:
    word = str(given).strip().lower()
    for option, words in _SAID.items():
        if word in words:
            return option
    raise BadInput("answer", _("“{given}” is neither yes nor no").format(given=given))


@exercise("kernel/memory/commit", title=N_("Is the promise made?"))
def commit(rng: random.Random) -> Problem:
    """Mode 2, where a widespread way of counting gives the other answer."""
    while True:
        ram, swap = rng.randrange(4, 17) * 1000, rng.randrange(1, 7) * 1000
        ratio = rng.choice((40, 50, 60, 80))
        account = Commit(ram, swap, NEVER, ratio)
        committed = rng.randrange(1, account.limit // 500) * 500
        request = rng.randrange(1, 9) * 500
        account.committed = committed
        limit, needed = account.limit, committed + request
        beliefs = (
            (
                needed < ram + swap,
                _(
                    "RAM and swap together are {all} MiB, but the ratio lets only {ratio}% of RAM"
                    " count."
                ).format(all=ram + swap, ratio=ratio),
            ),
            (
                request < limit,
                _(
                    "The limit is for all promises together, and {committed} MiB are promised"
                    " already."
                ).format(committed=committed),
            ),
            (
                needed < ram * ratio // 100,
                _(
                    "Swap counts in full: the limit is {swap} MiB higher than the part of RAM."
                ).format(swap=swap),
            ),
            (
                needed < (ram + swap) * ratio // 100,
                _("The ratio is for RAM alone. Swap counts in full."),
            ),
        )
        granted = needed < limit
        wrong = [said for believed, said in beliefs if believed != granted]
        if wrong and abs(limit - needed) >= 100:
            break
    account.charge(request)
    answer = YES if account.committed == needed else NO
    return Problem(
        prompt=_(
            "vm.overcommit_memory is 2 and vm.overcommit_ratio {ratio}. The machine has {ram} MiB"
            " of RAM"
            " and {swap} MiB of swap; there are no huge pages. {committed} MiB have been"
            " promised, and hardly"
            " any of it has been touched. A program asks for {request} MiB more. Does it get"
            " them? (Leave"
            " the small reserves for administrators aside.)"
        ).format(ratio=ratio, ram=ram, swap=swap, committed=committed, request=request),
        expects=_("yes or no"),
        answer=answer,
        read=_yes_or_no,
        explain=recognise([(NO if answer == YES else YES, wrong[0])], wrong[0]),
        hints=(
            _(
                "In mode 2 promises are counted, not touched pages. Where does their sum have to"
                " stay?"
            ),
            _("CommitLimit is RAM × ratio / 100, plus all of swap."),
            _("CommitLimit is {limit} MiB here.").format(limit=limit),
        ),
        solution=(
            _(
                "CommitLimit = {ram} × {ratio} / 100 + {swap} = {limit} MiB. {committed} +"
                " {request} = {needed}"
                " MiB are below it: yes."
            )
            if answer == YES
            else _(
                "CommitLimit = {ram} × {ratio} / 100 + {swap} = {limit} MiB. {committed} +"
                " {request} ="
                " {needed} MiB are not below it: no."
            )
        ).format(
            ram=ram,
            ratio=ratio,
            swap=swap,
            limit=limit,
            committed=committed,
            request=request,
            needed=needed,
        ),
    )
