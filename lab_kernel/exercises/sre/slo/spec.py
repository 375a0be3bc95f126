"""Where an OpenSLO document is wrong."""

from __future__ import annotations

import random

from lab_kernel.errors import BadInput
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.sre.slo.openslo import openslo

DOCUMENT = """\
apiVersion: openslo/v1
kind: SLO
metadata:
  name: {service}-availability
spec:
  service: {service}
  indicator:
    metadata: {{name: {service}-requests}}
    spec:
      ratioMetric:
        counter: true
        {part}:
          metricSource:
            type: Prometheus
            spec: {{query: {part}_total}}
        total:
          metricSource:
            type: Prometheus
            spec: {{query: requests_total}}
  timeWindow:
    - duration: {days}d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - target: {target}
"""
SERVICES = ("checkout", "search", "login", "cart", "mail")
# What is put in place of what, and the question that finds it.
BREAKS: tuple[tuple[str, str, str], ...] = (
    ("target: {target}", "target: 1.0", N_("How much may go wrong with that target?")),
    ("target: {target}", "target: {percent}", N_("Is the target a share or a percentage?")),
    (
        "target: {target}",
        "target: {target}\n      targetPercent: {percent}",
        N_("How often is the target given?"),
    ),
    ("\n      isRolling: true", "", N_("What does a window that does not roll need?")),
    (
        "isRolling: true",
        "isRolling: true\n    - duration: 7d\n      isRolling: true",
        N_("How many windows may an SLO have?"),
    ),
    ("{days}d", "{days} days", N_("How does OpenSLO write a duration?")),
    (
        "        total:",
        "        {other}: {metricSource: {type: Any, spec: {query: x}}}\n        total:",
        N_("How many numerators may a ratio have?"),
    ),
    ("counter: true", "counter: yes, it is", N_("Which values may a switch have?")),
    ("openslo/v1", "openslo/v2", N_("Which version is it written for?")),
    ("Occurrences", "Occurrence", N_("Which ways of counting are there?")),
    (
        "name: {service}-availability",
        "name: {service}_availability",
        N_("Which letters may a name of RFC 1123 have?"),
    ),
)


@exercise("sre/slo/spec", title=N_("What is wrong with this spec?"))
def spec(rng: random.Random) -> Problem:
    """The reader of the command line says where; one in eight is right."""
    service, days = rng.choice(SERVICES), rng.choice((7, 14, 28, 30, 90))
    target = rng.choice((0.95, 0.98, 0.99, 0.995, 0.999, 0.9995))
    words = {"service": service, "days": str(days), "target": f"{target:g}"}
    words["percent"] = f"{100 * target:g}"
    words["part"], words["other"] = rng.sample(("good", "bad"), 2)
    text = DOCUMENT.format(**words)
    asked = ""
    if rng.random() > 1 / 8:
        before, after, asked = rng.choice(BREAKS)
        text = text.replace(_filled(before, words), _filled(after, words), 1)
    try:
        openslo(text)
        answer, said = 0, ""
    except BadInput as error:
        answer, said = int(error.argument.partition(":")[2]), error.message
    lines = text.splitlines()
    listed = "\n".join(f"{n:2} {line}" for n, line in enumerate(lines, 1))
    near = max(1, answer - 3), min(len(lines), answer + 2)
    return Problem(
        prompt=_(
            "Which line does a reader of OpenSLO v1 refuse? Of two that exclude each other it is"
            " the later one; if something is missing, the line in which the part begins that lacks"
            " it. If all is well, answer 0.\n{text}"
        ).format(text=listed),
        listing=listed,
        expects=_("The number of a line, or 0."),
        answer=answer,
        read=whole,
        explain=recognise(
            [(0, _("Something is wrong with it: go through it field by field."))] if answer else [],
            _("That line is well as it is.")
            if answer
            else _("Nothing is wrong with that line, nor with any other."),
        ),
        hints=(
            _("An SLO has a target from 0 to below 1, one window, one way of counting, one ratio."),
            _(asked) if asked else _("Check target, window, method, ratio and name in this order."),
            _("Look at the lines {first} to {last}.").format(first=near[0], last=near[1])
            if answer
            else _("Each of the five is as it has to be."),
        ),
        solution=_("Line {line}: {said}.").format(line=answer, said=said)
        if answer
        else _("0: it is a valid SLO."),
    )


def _filled(text: str, words: dict[str, str]) -> str:
    for name, word in words.items():
        text = text.replace("{" + name + "}", word)
    return text
