"""What root in a container can do, as walls are put up."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.containers.runtime.attack import ATTEMPTS, WALLS, attack, walls_against
from lab_kernel.explore import Toggle, View, explorable
from lab_kernel.explore.containers.runtime import wording
from lab_kernel.language import N_, _


@explorable(
    "containers/runtime/walls",
    title=N_("Root in the container, and six walls"),
    predict=N_(
        "The container has namespaces of its own, and the usual capabilities are dropped. What can"
        " root in there still do to the host?"
    ),
    controls=tuple(
        Toggle(name=wall, label=WALLS[wall], default="on" if wall == "capabilities" else "off")
        for wall in WALLS
    ),
)
def walls(**up: bool) -> View:
    """A row for each attempt: what became of it, and which walls would have stopped it alone."""
    standing = tuple(wall for wall in WALLS if up[wall])
    stopped, done = _("is refused"), _("succeeds")
    rows, through = [], []
    for name, (label, _program) in ATTEMPTS.items():
        errno = attack(standing, name).errno
        against = walls_against(name)
        if len(against) == len(WALLS):
            said = _("namespaces (always on)")
        else:
            said = ", ".join(_(wording.SHORT[wall]) for wall in against)
        cell = fig.Cell(errno or done, stopped if errno else done, not errno)
        rows.append(fig.Row(_(label), [cell, fig.Cell(said)]))
        if not errno:
            through.append(_(label))
    if through:
        says = _("{walls} of {all} walls. Still possible: {what}.").format(
            walls=len(standing), all=len(WALLS), what="; ".join(through)
        )
    else:
        says = _("{walls} of {all} walls, and none of the attempts succeeds.").format(
            walls=len(standing), all=len(WALLS)
        )
    picture = fig.table(
        (_("with these walls"), _("would be stopped by")),
        rows,
        title=_("Eight attempts from inside"),
        description=says
        + " "
        + " ".join(f"{row.head}: {', '.join(cell.words for cell in row.cells)}." for row in rows),
        states=(done, stopped),
    )
    return View((picture,), says)
