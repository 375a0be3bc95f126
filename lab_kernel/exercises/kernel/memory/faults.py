"""How many page faults does a policy have?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.kernel.memory.replay import FRAMES, RULES, line, random_references, told
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.replacement import Clock, simulate, steps
from lab_kernel.language import N_, _


@exercise("kernel/memory/faults", title=N_("Count the page faults"))
def faults(rng: random.Random) -> Problem:
    """Eleven references, three frames, one of four policies that differ on them."""
    policy = rng.choice(tuple(RULES))
    while True:
        references = random_references(rng, 11)
        counts = {name: simulate(name, FRAMES, references).faults for name in (*RULES, "mru")}
        own = counts[policy]
        if len({counts["fifo"], counts["lru"], counts["opt"]}) == 3 and own != 11 - own:
            break
    clear = simulate(Clock(referenced_on_load=False), FRAMES, references).faults
    mistakes: list[Mistake] = [
        (
            len(references) - own,
            _("That is the number of hits. The question is how often it missed."),
        ),
        (
            own - FRAMES,
            _(
                "That counts the faults that threw a page out. The first {frames} faults filled"
                " empty frames; they are faults too."
            ).format(frames=FRAMES),
        ),
        (len(references), _("That is every reference. Some pages are in memory already.")),
    ]
    if policy == "clock":
        mistakes.append(
            (clear, _("That is what comes out if loading leaves the bit clear. Here it sets it."))
        )
    mistakes += [
        (
            counts[name],
            _("That is what {other} gives. Read the rule again: {rule}").format(
                other=name.upper(), rule=_(RULES[policy])
            ),
        )
        for name in RULES
        if name != policy
    ]
    mistakes += [
        (
            counts["mru"],
            _("That is what comes out if the page used last leaves: the wrong end of the queue."),
        ),
        (
            len(set(references)),
            _(
                "That is the number of different pages. One that left and is used again faults"
                " again."
            ),
        ),
    ]
    run = steps(policy, FRAMES, references)
    first = next(number for number, step in enumerate(run, 1) if step.evicted is not None)
    return Problem(
        prompt=_(
            "Memory has {frames} frames, all empty. A program uses the pages {references}, in this"
            " order. How many page faults are there?\n{rule}"
        ).format(frames=FRAMES, references=line(references), rule=_(RULES[policy])),
        expects=_("A whole number: all faults, those into empty frames included."),
        answer=own,
        read=whole,
        explain=recognise(
            mistakes,
            _("Write a column for each reference and mark it when the page was not in memory yet."),
        ),
        hints=(
            _(
                "A reference is a fault when its page is not in memory at that moment, whatever"
                " was before."
            ),
            _(
                "Draw a table: a row for each of the {frames} frames, a column for each reference."
                " In each column note what is in memory, and mark the faults. {rule}"
            ).format(frames=FRAMES, rule=_(RULES[policy])),
            _(
                "No page has to leave before reference number {number}; there page {evicted} goes."
            ).format(number=first, evicted=run[first - 1].evicted),
        ),
        solution=_("{steps}\nThat makes {faults} page faults.").format(steps=told(run), faults=own),
    )
