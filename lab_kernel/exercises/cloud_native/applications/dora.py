"""One of DORA's five metrics, from a deployment log."""

from __future__ import annotations

import random
from statistics import median

from lab_kernel.cloud_native.delivery import Change, Deployment
from lab_kernel.cloud_native.delivery_metrics import Metrics, measure
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

DAYS = 10
QUESTIONS = {
    "lead": N_("the change lead time (median, in hours)"),
    "frequency": N_("the deployment frequency (deployments in ten days)"),
    "recovery": N_("the failed deployment recovery time (median, in hours)"),
    "fail": N_("the change fail rate (in per cent)"),
    "rework": N_("the deployment rework rate (in per cent)"),
}


def deployment_log(rng: random.Random, size: int) -> list[Deployment]:
    """So many deployments; one or two fail, and perhaps one mends an old defect."""
    failures, old = rng.choice((1, 1, 2)) if size > 4 else 1, rng.choice((0, 1))
    changes = size - failures - old
    failed = set(rng.sample(range(changes), failures))
    log: list[Deployment] = []
    at = 40
    for n in range(changes):
        lead = rng.randrange(2, 40)
        at += rng.randrange(20, 30)
        change = Change(at - lead, 0, n, bad=n in failed)
        if n in failed:
            log.append(Deployment(at, 0, (change,), True, at + rng.randrange(1, 9)))
            at += rng.randrange(9, 20)
            log.append(Deployment(at, 0, (change,), unplanned=True))
        else:
            log.append(Deployment(at, 0, (change,)))
    if old:  # rework without a failed deployment
        at += rng.randrange(20, 30)
        log.append(Deployment(at, 0, (Change(at - 5, 0, changes),), unplanned=True))
    return log


def asked(metrics: Metrics, which: str) -> float:
    return {
        "lead": metrics.lead_time,
        "frequency": metrics.frequency * DAYS,
        "recovery": metrics.recovery or 0.0,
        "fail": 100 * metrics.fail_rate,
        "rework": 100 * metrics.rework_rate,
    }[which]


@exercise("cloud-native/applications/dora", title=N_("One of the five metrics"))
def dora(rng: random.Random) -> Problem:
    """Names as of 2026; the log says all that is needed."""
    which = rng.choice(list(QUESTIONS))
    while True:
        rates = which in ("fail", "rework")
        log = deployment_log(rng, rng.choice((4, 5) if rates else (4, 5, 6, 7)))
        value = asked(measure(log, DAYS), which)
        fail, rework = (asked(measure(log, DAYS), one) for one in ("fail", "rework"))
        if value == round(value) and (not rates or fail != rework):
            break
    answer = round(value)
    planned = [each for each in log if not each.unplanned]
    first = [each.at - each.changes[0].committed for each in planned]
    repaired = [
        next(later.at for later in log if later.unplanned and later.at > each.at) - each.at
        for each in log
        if each.failed
    ]
    mistakes: dict[str, list[Mistake]] = {
        "lead": [
            (median(first), _("A change that was rolled back is with its users only later.")),
        ],
        "frequency": [
            (len(planned), _("The unplanned ones are deployments, too.")),
        ],
        "recovery": [
            (median(repaired), _("Users were served again at the rollback, before the repair.")),
        ],
        "fail": [
            (rework, _("That is the rework rate: unplanned ones among all.")),
            (100 * sum(e.failed for e in log) / len(planned), _("All deployments count.")),
        ],
        "rework": [
            (fail, _("That is the change fail rate: failed ones among all.")),
            (100 * sum(e.unplanned for e in log) / len(planned), _("All deployments count.")),
        ],
    }
    hints = {
        "lead": _("From the commit to the deployment that stayed; then the middle one."),
        "frequency": _("Every line of the log is a deployment."),
        "recovery": _("From the failed deployment until users were served again."),
        "fail": _("Those that needed somebody at once, of all deployments."),
        "rework": _("Those made without a plan, for a defect that users had, of all deployments."),
    }
    return Problem(
        prompt=_("The deployments of ten days, in hours:\n{log}\nWhat is {question}?").format(
            log="\n".join(_line(each) for each in log), question=_(QUESTIONS[which])
        ),
        expects=_("A whole number."),
        answer=answer,
        read=whole,
        explain=recognise(mistakes[which], hints[which]),
        hints=(
            _("Two of the five tell of stability, three of throughput. Which is asked here?"),
            hints[which],
            _("There are {n} deployments, {failed} failed and {unplanned} unplanned.").format(
                n=len(log),
                failed=sum(e.failed for e in log),
                unplanned=sum(e.unplanned for e in log),
            ),
        ),
        solution=_("{question}: {answer}.").format(question=_(QUESTIONS[which]), answer=answer),
    )


def _line(each: Deployment) -> str:
    said = _("{at}: change committed at {committed}").format(
        at=each.at, committed=each.changes[0].committed
    )
    if each.failed:
        said += _(", failed, rolled back at {recovered}").format(recovered=each.recovered)
    return said + (_(", unplanned") if each.unplanned else "")
