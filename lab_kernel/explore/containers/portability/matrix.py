"""One program on three hosts: what each start asks for, and the first thing that is missing."""

from __future__ import annotations

from dataclasses import replace

from lab_kernel import figures as fig
from lab_kernel.containers.portability import DEV, LAYOUT, PROD, RECEIPT, TEST, Shape, everywhere
from lab_kernel.containers.starting import (
    ARCHITECTURE,
    CALL,
    LIBRARY,
    LOADER,
    SERVICE,
    SETTING,
    STAGES,
    VERSION,
    Start,
    Step,
)
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.language import N_, _

STAGE_NAMES = {
    ARCHITECTURE: N_("architecture"),
    LOADER: N_("loader"),
    LIBRARY: N_("library"),
    VERSION: N_("version of a library"),
    SETTING: N_("setting or secret"),
    CALL: N_("system call"),
    SERVICE: N_("backing service"),
}
IMAGE, INSTALLED, STATIC = "image", "installed", "static"
TROUBLES = {
    "none": (N_("nothing"), PROD),
    "arm64": (N_("its processor is arm64"), replace(PROD, architecture="arm64")),
    "kernel": (N_("its kernel is Linux 5.4"), replace(PROD, kernel=(5, 4))),
    "secret": (N_("nobody gave it DB_PASSWORD"), replace(PROD, settings={"TAX": "10"})),
    "service": (N_("it does not reach the database"), replace(PROD, services=())),
}


def starts(how: str, prod: Shape) -> dict[str, Start]:
    """The program on the three hosts."""
    binary = replace(RECEIPT, needs=()) if how == STATIC else RECEIPT
    return everywhere((DEV, TEST, prod), LAYOUT if how == IMAGE else None, binary)


@explorable(
    "containers/portability/matrix",
    title=N_("One program on three hosts"),
    predict=N_(
        "The program was built on dev. Copied to test and prod without a container, does it start"
        " there? And does it print the same?"
    ),
    controls=(
        Choice(
            name="how",
            label=N_("How it gets there"),
            default=INSTALLED,
            options=(
                (INSTALLED, N_("copied, uses the host's libraries")),
                (IMAGE, N_("in an image, with its libraries")),
                (STATIC, N_("copied, statically linked")),
            ),
        ),
        Choice(
            name="trouble",
            label=N_("What is different about prod"),
            default="none",
            options=tuple((name, label) for name, (label, _shape) in TROUBLES.items()),
        ),
    ),
)
def matrix(how: str, trouble: str) -> View:
    """Every stage of every start."""
    prod = TROUBLES[trouble][1]
    found, missing, skipped, unasked = _("there"), _("missing"), _("not reached"), _("not asked")
    runs = starts(how, prod)
    rows = []
    for stage in STAGES:
        cells = []
        for start in runs.values():
            steps = [step for step in start.steps if step.stage == stage]
            bad = next((step for step in steps if not step.found), None)
            if bad:
                cells.append(fig.Cell(_short(bad), missing, True))
            elif steps:
                cells.append(fig.Cell(_short(steps[-1]), found))
            else:
                cells.append(fig.Cell("", skipped if start.missing else unasked))
        rows.append(fig.Row(_(STAGE_NAMES[stage]), cells))
    printed = [
        start.printed.split(": ")[-1] if not start.missing else "-" for start in runs.values()
    ]
    rows.append(fig.Row(_("printed"), [fig.Cell(said) for said in printed]))
    says = " ".join(_told(name, start) for name, start in runs.items())
    good = {said for said in printed if said != "-"}
    if len(good) > 1:
        says += " " + _("Those that start do not print the same.")
    heads = [
        f"{shape.name}: Linux {shape.kernel[0]}.{shape.kernel[1]}, {shape.architecture}"
        for shape in (DEV, TEST, prod)
    ]
    picture = fig.table(
        heads,
        rows,
        title=_("What each start asks for"),
        description=says,
        states=(found, missing, skipped, unasked),
        quiet=skipped,
    )
    return View((picture,), says)


def _short(step: Step) -> str:
    """What fits into a cell: the loader's common name, a version without its library."""
    if step.stage == LOADER:
        return "ld.so"
    return step.what.split()[-1].replace("_2", " 2")


def _printed(start: Start) -> str:
    return "-" if start.missing else start.printed.split(": ")[-1]


def _told(name: str, start: Start) -> str:
    if start.missing is None:
        return _("{host}: it prints {printed}.").format(host=name, printed=_printed(start))
    return _("{host}: refused at “{stage}”, {what}.").format(
        host=name, stage=_(STAGE_NAMES[start.missing.stage]), what=start.missing.what
    )
