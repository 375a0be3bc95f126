"""Hours of toil in a short log."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.toil.criteria import LEAST, Class, Kind, Trait, judge

WORK = {
    Kind.PRODUCTION: (
        N_("raise a quota"),
        N_("restart a worker"),
        N_("find out why search is slow"),
        N_("renew a certificate"),
        N_("help a team with its launch"),
    ),
    Kind.PROJECT: (N_("clean up every alert rule for good"), N_("write a controller for quotas")),
    Kind.OVERHEAD: (N_("expense reports"), N_("the weekly meeting")),
}
Row = tuple[int, str, Kind, tuple[Trait, ...]]


def drawn(rng: random.Random) -> list[Row]:
    """Toil and operational work that is not, a dull project, and a dull piece of overhead."""
    rows: list[Row] = []
    tasks = rng.sample(WORK[Kind.PRODUCTION], 3)
    sizes = [rng.randrange(LEAST, 7), rng.randrange(1, LEAST), rng.randrange(1, 7)]
    for what, size in zip(tasks, sizes, strict=True):
        rows.append((rng.randrange(1, 13), what, Kind.PRODUCTION, _traits(rng, size)))
    for kind in (Kind.PROJECT, Kind.OVERHEAD):
        size = rng.randrange(LEAST, 6)
        rows.append((rng.randrange(1, 13), rng.choice(WORK[kind]), kind, _traits(rng, size)))
    rng.shuffle(rows)
    return rows


def _traits(rng: random.Random, size: int) -> tuple[Trait, ...]:
    chosen = rng.sample(list(Trait), size)
    return tuple(trait for trait in Trait if trait in chosen)


def total(rows: list[Row], *classes: Class) -> int:
    return sum(h for h, _what, kind, traits in rows if judge(kind, traits).found in classes)


@exercise("sre/toil/criteria", title=N_("How much of it is toil?"))
def criteria(rng: random.Random) -> Problem:
    """The classes are the simulator's, as its reader finds them in a log."""
    rows = drawn(rng)
    answer = total(rows, Class.TOIL)
    listed = "\n".join(
        f"{hours} h · {_(what)} · {' '.join([kind, *traits])}" for hours, what, kind, traits in rows
    )
    tagged = sum(hours for hours, _what, _kind, traits in rows if len(traits) >= LEAST)
    toil = [hours for hours, _w, kind, traits in rows if judge(kind, traits).found is Class.TOIL]
    return Problem(
        prompt=_(
            "A week of one person. Work in production counts as toil here when at least {least} of"
            " the six traits hold.\n{rows}\nHow many of these hours are toil?"
        ).format(least=LEAST, rows=listed),
        expects=_("A whole number of hours, such as 14."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (
                    total(rows, Class.TOIL, Class.OTHER),
                    _("That is all operational work. Not all of it is toil."),
                ),
                (
                    tagged,
                    _(
                        "A project leaves something behind, and overhead serves no service: neither"
                        " is toil, however dull."
                    ),
                ),
                (
                    sum(hours for hours, *_rest in rows),
                    _("These are all hours of the week."),
                ),
                (
                    total(rows, Class.OTHER),
                    _("That is the operational work that is not toil."),
                ),
            ],
            _("Take the rows in production, and count the traits of each."),
        ),
        hints=(
            _("Only work that is tied to a running service can be toil."),
            _("So leave out the rows of project and overhead. Three rows are left."),
            _("Of these three, {count} with at least {least} traits.").format(
                count=len(toil), least=LEAST
            ),
        ),
        solution=(_("{sum} = {answer} hours.") if toil[1:] else _("{answer} hours.")).format(
            sum=" + ".join(map(str, toil)), answer=answer
        ),
    )
