"""Who is who: a map of user IDs, read in both directions."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.kernel.namespaces.idmap import write_map
from lab_kernel.kernel.namespaces.user import INITIAL, OVERFLOW, UserNamespace
from lab_kernel.kernel.security import ROOT
from lab_kernel.language import N_, _

MAPS = {
    "none": ("", N_("not written yet")),
    "own": ("0 1000 1", "0 1000 1"),
    "range": ("0 100000 65536", "0 100000 65536"),
    "two": ("0 1000 1\n1 100000 65535", "0 1000 1 + 1 100000 65535"),
}
HOST = (0, 1000, 100000, 100999)


def namespace(name: str) -> UserNamespace:
    """A user namespace of user 1000 whose map root has written."""
    made = UserNamespace(1, INITIAL, uid=1000, level=1)
    if MAPS[name][0]:
        write_map(made, ROOT, MAPS[name][0])
    return made


@explorable(
    "containers/namespaces/users",
    title=N_("Who is who"),
    predict=N_(
        "The map says 0 100000 65536. Who is root inside for the host? And as whom does a process"
        " inside see a file that belongs to user 1000 of the host?"
    ),
    controls=(
        Choice(
            name="map",
            label="uid_map",
            default="range",
            options=tuple((name, label) for name, (_text, label) in MAPS.items()),
        ),
        Whole(name="uid", label=N_("A user inside"), default=33, low=0, high=70000),
    ),
)
def users(map: str, uid: int) -> View:
    """Users inside and who they are on the host, then users of the host as they are seen inside."""
    made = namespace(map)
    known, nobody = _("mapped"), _("not mapped")
    rows = []
    for inside in dict.fromkeys((0, 1, uid)):
        outside = made.kernel_id(inside)
        words = _("does not exist") if outside is None else str(outside)
        state = nobody if outside is None else known
        rows.append(
            fig.Row(
                _("inside: user {uid}").format(uid=inside), [fig.Cell(words, state, inside == uid)]
            )
        )
    for outside in HOST:
        seen = made.seen(outside)
        words = str(OVERFLOW if seen is None else seen)
        state = nobody if seen is None else known
        rows.append(
            fig.Row(_("on the host: user {uid}").format(uid=outside), [fig.Cell(words, state)])
        )
    answer = made.kernel_id(uid)
    says = (
        _("User {uid} inside is nobody on the host: setuid({uid}) is EINVAL.").format(uid=uid)
        if answer is None
        else _("User {uid} inside is user {outside} on the host.").format(uid=uid, outside=answer)
    )
    picture = fig.table(
        (_("on the other side"),),
        rows,
        title="uid_map: " + (_(MAPS[map][1])),
        description=" ".join(f"{row.head}: {row.cells[0].words}." for row in rows),
        states=(known, nobody),
        quiet=nobody,
    )
    return View((picture,), says)
