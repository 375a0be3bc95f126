"""Which page has to leave?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.kernel.memory.replay import (
    FRAMES,
    RULES,
    line,
    random_references,
    resident_pages,
    told,
)
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.replacement import steps
from lab_kernel.language import N_, _


@exercise("kernel/memory/victim", title=N_("Which page has to go?"))
def victim(rng: random.Random) -> Problem:
    """An eviction at which the page loaded first is not the one used longest ago."""
    policy = rng.choice(tuple(RULES))
    while True:
        references = random_references(rng, 12)
        run = steps(policy, FRAMES, references)
        evicting = [n for n, step in enumerate(run[:10]) if step.evicted is not None]
        if not evicting:
            continue
        # OPT is asked for its first choice: a later one could rest on a tie made earlier.
        here = evicting[0] if policy == "opt" else evicting[-1]
        past, future = references[:here], references[here + 1 :]
        resident = resident_pages(run[here - 1])
        used = {page: max(n for n in range(here) if past[n] == page) for page in resident}
        came = {
            page: max(n for n in range(here) if past[n] == page and not run[n].hit)
            for page in resident
        }
        oldest = min(resident, key=lambda page: came[page])
        unused = min(resident, key=lambda page: used[page])
        tie = policy == "opt" and len(set(resident) - set(future)) > 1
        if oldest != unused and not tie:
            break
    page = run[here].reference
    own = run[here].evicted
    soonest = min((p for p in resident if p in future), key=future.index, default=None)
    mistakes: list[Mistake] = [
        (page, _("Page {page} is the one that is coming in.").format(page=page)),
    ]
    if policy == "opt":
        mistakes.append(
            (
                soonest,
                _("Page {page} is needed again soonest: it is the one to keep.").format(
                    page=soonest
                ),
            )
        )
    mistakes += [
        (
            unused,
            _("Page {page} is the least recently used one. Read the rule again: {rule}").format(
                page=unused, rule=_(RULES[policy])
            ),
        ),
        (
            oldest,
            _("Page {page} was loaded first. Read the rule again: {rule}").format(
                page=oldest, rule=_(RULES[policy])
            ),
        ),
        (past[-1], _("Page {page} was used last of all.").format(page=past[-1])),
    ]
    mistakes += [
        (other, _("Page {page} is not in memory at that moment.").format(page=other))
        for other in range(10)
        if other not in resident
    ]
    prompt = _(
        "Memory has {frames} frames, all empty at first. A program uses the pages {past}, in this"
        " order. Now it uses page {page}, which faults. Which page has to leave?\n{rule}"
    )
    ahead = _("What it will use after that: {future}.")
    solution = _("{steps}\nSo page {own} leaves.").format(steps=told(run[: here + 1]), own=own)
    return Problem(
        prompt=prompt.format(frames=FRAMES, past=line(past), page=page, rule=_(RULES[policy]))
        + ("\n" + ahead.format(future=line(future)) if policy == "opt" else ""),
        expects=_("A page number."),
        answer=own,
        read=whole,
        explain=recognise(
            mistakes,
            _("That page stays. Read the rule again: {rule}").format(rule=_(RULES[policy])),
        ),
        hints=(
            _(
                "Only a page that is in memory can leave. Which {frames} are there just before?"
            ).format(frames=FRAMES),
            _("Play the references through from empty memory. {rule}").format(
                rule=_(RULES[policy])
            ),
            _("Just before, the pages {resident} are in memory.").format(resident=line(resident)),
        ),
        solution=solution,
    )
