"""What may this root do? The simulated kernel's answers beside those of a real one."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel import host
from lab_kernel.containers.steps import run, script_of
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.language import N_, _

STANDINGS = {
    "root": N_("root of the host"),
    "user": N_("user 1000"),
    "in a user namespace": N_("user 1000 in a new user namespace"),
    "mapped": N_("user 1000 in a new user namespace, mapped to root"),
    "with mounts": N_("user 1000 in new user and mnt namespaces"),
    "with all": N_("user 1000 in new namespaces of six kinds"),
    "root in a user namespace": N_("root in new user, mnt and uts namespaces"),
}
#: What a reader would call it, by the step that asks for it.
WISHES = {
    "node box": N_("set the host's name"),
    "listen 80": N_("listen on port 80"),
    "up": N_("switch lo on"),
    "mount tmpfs /srv": N_("mount a tmpfs"),
    "umount /proc": N_("unmount /proc"),
    "cat /etc/secret": N_("read a file of root's"),
    "kill 1 0": N_("signal number 1 of the host"),
    "setuid 0": N_("become user 0"),
    "unshare net": N_("make a net namespace"),
    "join 1 uts": N_("enter the host's uts namespace"),
}


def wished(lines: list[str]) -> dict[str, str]:
    """The first answer to each wish; a wish is played by a child of its own."""
    found: dict[str, str] = {}
    for line in lines:
        if line.startswith("  ") and " = " in line:
            step, answer = line.strip().split(" = ")
            found.setdefault(step, answer)
    return found


@explorable(
    "containers/namespaces/standing",
    title=N_("What may this root do?"),
    predict=N_(
        "User 1000 makes a user namespace and is root in it. May it now rename the host, and listen"
        " on port 80? Which other namespace would it need for that?"
    ),
    controls=(
        Choice(
            name="standing",
            label=N_("Who asks"),
            default="mapped",
            options=tuple(STANDINGS.items()),
        ),
    ),
)
def standing(standing: str) -> View:
    """Ten wishes from one standing, to two kernels."""
    recording = host.recording("namespaces")
    entry = recording.data[f"from {standing}"]
    lines = entry["output"].splitlines()
    real = wished(lines)
    simulated = run(script_of(lines), uid=0 if entry["command"].endswith("root") else 1000)
    ours = wished(simulated)
    granted, refused = _("granted"), _("refused")
    rows = [
        fig.Row(
            _(label),
            [
                fig.Cell(_("yes") if not answer.startswith("E") else answer, state)
                for answer in (ours[wish], real[wish])
                for state in (refused if answer.startswith("E") else granted,)
            ],
        )
        for wish, label in WISHES.items()
    ]
    allowed = sum(row.cells[0].state == granted for row in rows)
    answers = [pair for pair in zip(lines, simulated, strict=True) if " = " in pair[0]]
    agree = sum(linux == simulation for linux, simulation in answers)
    says = _(
        "{who}: {allowed} of {count} requests are granted. Of all {all} answers in the recording"
        " the two kernels gave {agree} alike. Linux: {source}."
    ).format(
        who=_(STANDINGS[standing]),
        allowed=allowed,
        count=len(rows),
        all=len(answers),
        agree=agree,
        source=recording.source,
    )
    picture = fig.table(
        (_("simulated"), "Linux"),
        rows,
        title=_(STANDINGS[standing]),
        description=" ".join(
            f"{row.head}: {row.cells[0].words} | {row.cells[1].words}." for row in rows
        ),
        states=(granted, refused),
    )
    return View((picture,), says)
