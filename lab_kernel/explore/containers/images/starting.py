"""Everything that a program needs to start; take one away."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.containers.image import Tree, closure, file, symlink, tree
from lab_kernel.containers.image.elf import write_elf
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.language import N_, _

LOADER = "lib64/ld-linux-x86-64.so.2"
PROGRAMS = {
    "binary": ("srv/report", N_("a program and its libraries")),
    "script": ("srv/daily", N_("a script, which the interpreter runs")),
    "static": ("srv/single", N_("a program that is linked statically")),
}
GONE = {
    "nothing": N_("nothing"),
    "bin/python": "bin/python",
    LOADER: LOADER,
    "lib/libpdf.so.2": "lib/libpdf.so.2",
    "lib/libz.so.1.3": "lib/libz.so.1.3",
    "lib/libc.so.6": "lib/libc.so.6",
}


def files(machine: str = "amd64") -> Tree:
    """An image: a report writer, an interpreter and what they need. The files have no code."""

    return tree(
        {
            "srv/report": file(
                write_elf(["libpdf.so.2", "libc.so.6"], f"/{LOADER}", machine), 0o755
            ),
            "bin/python": file(write_elf(["libc.so.6"], f"/{LOADER}", machine), 0o755),
            "srv/daily": file("#!/bin/python\nprint('report')\n", 0o755),
            "srv/single": file(write_elf(machine=machine), 0o755),
            LOADER: file(write_elf(machine=machine), 0o755),
            "lib/libpdf.so.2": file(write_elf(["libz.so.1", "libc.so.6"], machine=machine)),
            "lib/libz.so.1.3": file(write_elf(["libc.so.6"], machine=machine)),
            "lib/libz.so.1": symlink("libz.so.1.3"),
            "lib/libc.so.6": file(write_elf(machine=machine)),
        }
    )


@explorable(
    "containers/images/starting",
    title=N_("One file is missing"),
    predict=N_(
        "The report writer itself names two libraries. How many files must be in the image for it"
        " to start?"
    ),
    controls=(
        Choice(
            name="program",
            label=N_("What is started"),
            default="binary",
            options=tuple((name, label) for name, (_path, label) in PROGRAMS.items()),
        ),
        Choice(
            name="gone",
            label=N_("Taken away"),
            default="nothing",
            options=tuple(GONE.items()),
        ),
        Choice(
            name="machine",
            label=N_("The machine's architecture"),
            default="amd64",
            options=(("amd64", "amd64"), ("arm64", "arm64")),
        ),
    ),
)
def starting(program: str, gone: str, machine: str) -> View:
    """A row for each file that is asked for, by whom, and whether it is there."""
    there = files()
    there.pop(gone, None)
    path, _label = PROGRAMS[program]
    found = closure(there, f"/{path}", architecture=machine)
    fine, bad = _("found"), _("cannot serve")
    rows = []
    for need in found:
        where = need.path or _("nowhere")
        if need.problem and need.path:
            where = _(need.problem)
        cells = [
            fig.Cell(need.by or _("the image's config")),
            fig.Cell(where, bad if need.problem else fine, bool(need.problem)),
        ]
        rows.append(fig.Row(need.name.lstrip("/"), cells))
    missing = [need for need in found if need.problem]
    if missing:
        first = missing[0]
        says = _("{program} does not start: {name}, {problem}.").format(
            program=path, name=first.name.lstrip("/"), problem=_(first.problem)
        )
    else:
        says = _("{program} starts: {n} of the image's {all} files are needed.").format(
            program=path,
            n=len({need.path for need in found}),
            all=sum(node.kind == "file" for node in there.values()),
        )
    picture = fig.table(
        (_("asked for by"), _("found at")),
        rows,
        title=_("What {program} needs to start").format(program=path),
        description=" ".join(
            f"{row.head}: {row.cells[0].words}, {row.cells[1].words}." for row in rows
        ),
        states=(fine, bad),
    )
    return View((picture,), says)
