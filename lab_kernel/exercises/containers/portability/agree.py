"""May this side change it alone?"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

from lab_kernel.containers.duties import (
    BOTH,
    CONTRACT,
    DEV,
    FIELDS,
    OPS,
    change,
    owner,
    written,
)
from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import one_of
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.language import N_, _

ANSWERS = ("accepted", "together", "refused")


def _value(name: str, rng: random.Random) -> Any:
    if name in ("memory limit", "memory request"):
        return f"{rng.choice((96, 128, 160, 192, 224, 320, 384, 512))}Mi"
    if name.endswith("port"):
        return rng.choice((8081, 9000, 9090))
    choices: dict[str, tuple[Any, ...]] = {
        "args": (["--workers=4"], ["--verbose"]),
        "failure threshold": (2, 5, 10),
        "readiness path": ("/healthz", "/live"),
        "setting": ("DB_URL", "DSN"),
        "value": ("postgres://db.prod.example/cart",),
        "replicas": (1, 2, 5, 8),
        "node": ("hdd", "nvme"),
    }
    return rng.choice(choices[name])


@exercise("containers/portability/agree", title=N_("May this side change it alone?"))
def agree(rng: random.Random) -> Problem:
    """Whose the field is comes first; whether it still fits the build comes second."""
    wanted, own = rng.choice(ANSWERS), rng.random() < 0.5
    while True:
        build = replace(CONTRACT.build, memory=rng.choice((120, 140, 180)))
        contract = replace(CONTRACT, build=build)
        name = rng.choice([name for name in FIELDS if name != "image"])
        role, value = rng.choice((DEV, OPS)), _value(name, rng)
        ruling = change(contract, role, name, value)
        talk = wanted != "together" or own == (owner(name) == role)
        if ruling.status == wanted and talk and value != contract.get(name):
            break
    whose = {DEV: _("development"), OPS: _("operations"), BOTH: _("both")}
    mistakes: list[Mistake] = []
    if owner(name) == BOTH:
        mistakes += [(wrong, _("The field belongs to both.")) for wrong in ("accepted", "refused")]
    elif owner(name) != role:
        mistakes += [(wrong, _("The field is the other side's.")) for wrong in ANSWERS[:2]]
    elif ruling.broken:
        mistakes.append(("accepted", _("Its own field, but does the build still fit?")))
        mistakes.append(("refused", _("The field is its own: nobody refuses it; it needs a talk.")))
    else:
        mistakes += [(wrong, _("The field is its own, and the build still fits.")) for wrong in
                     ANSWERS[1:]]  # fmt: skip
    said = " ".join(value) if isinstance(value, list) else str(value)
    return Problem(
        prompt=_(
            "The build listens on 8080, answers at /ready, reads DATABASE_URL and uses at most"
            " {memory} MiB. The specification requests 192Mi, with a limit of 256Mi.\n{role}"
            " proposes {field}: {value}\nIs the change accepted, must both agree (together), or is"
            " it refused because the field is the other side's?"
        ).format(memory=build.memory, role=whose[role], field=written(name), value=said),
        expects=_("One of: {allowed}.").format(allowed=", ".join(ANSWERS)),
        answer=ruling.status,
        read=one_of(*ANSWERS),
        explain=recognise(mistakes, _("Whose field is it?")),
        hints=(
            _("Who alone can know the right value: development, operations or neither?"),
            _("Ports, probes, requests and names of settings belong to both."),
            _("The field belongs to: {owner}.").format(owner=whose[owner(name)]),
        ),
        solution=_("{field} belongs to: {owner}. The change is: {status}.").format(
            field=written(name), owner=whose[owner(name)], status=ruling.status
        ),
    )
