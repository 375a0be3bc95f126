"""One namespace at a time: the same commands, inside and outside."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.containers.steps import run
from lab_kernel.explore import Choice, Toggle, View, explorable
from lab_kernel.language import N_, _

KINDS = ("uts", "pid", "mnt", "net", "ipc", "user")
#: What a reader would type, and the step that asks the same.
LOOKS = {
    "hostname": "node",
    "ps | wc -l": "numbers",
    "kill -0 2": "kill 2 0",
    "ls /srv": "ls /srv",
    "nc -l 8080": "listen 8080",
    "ipcs -q": "queue 7",
    "id -u": "uid",
}
ASKING = ("kill", "listen", "queue")  # their answer is whether it goes
WHO = {"root": (0, N_("root")), "user": (1000, N_("user 1000"))}


def script(kinds: tuple[str, ...], uid: int) -> str:
    """Number 2 opens a port and a queue; a child does its deeds and looks, then another looks."""
    inside = ["write /proc/self/uid_map " + f"0 {uid} 1"] if "user" in kinds else []
    inside += ["node box", "mount tmpfs /srv"]
    if {"pid", "mnt"} <= set(kinds):
        inside.append("mount proc /proc")
    looks = list(LOOKS.values())
    below = "\n".join(f"  {step}" for step in [*inside, *looks])
    after = "\n".join(f"  {step}" for step in looks)
    return f"newqueue 7\nlisten 8080\nchild {' '.join(kinds)}\n{below}\nchild\n{after}"


def looked(kinds: tuple[str, ...], uid: int) -> dict[str, tuple[str, str]] | None:
    """By command what the outside and the inside answer; None: the child was refused."""
    lines = run(script(kinds, uid), uid=uid)
    if any(line.startswith("child") and " = " in line for line in lines):
        return None
    said: list[dict[str, str]] = []  # inside, then outside
    for line in lines[2:]:
        if line.startswith("child"):
            said.append({})
        else:
            step, answer = line.strip().split(" = ")
            said[-1][step] = str(len(answer.split())) if step == "numbers" else answer
    return {command: (said[1][step], said[0][step]) for command, step in LOOKS.items()}


@explorable(
    "containers/namespaces/isolate",
    title=N_("One namespace at a time"),
    predict=N_(
        "A child renames the host and mounts an empty tmpfs on /srv. Its only new namespace is that"
        " of pids. What do hostname, ps and ls /srv show inside, and what outside?"
    ),
    controls=(
        Choice(
            name="who",
            label=N_("Who makes them"),
            default="root",
            options=tuple((name, label) for name, (_uid, label) in WHO.items()),
        ),
        *(
            Toggle(name=kind, label=f"ns/{kind}", default="on" if kind == "pid" else "off")
            for kind in KINDS
        ),
    ),
)
def isolate(who: str, **made: bool) -> View:
    """The child's deeds show outside, unless the thing that they change has become its own."""
    uid = WHO[who][0]
    kinds = tuple(kind for kind in KINDS if made[kind])
    names = ", ".join(kinds) or _("none")
    found = looked(kinds, uid)
    apart, same = _("different"), _("the same")
    rows = [
        fig.Row(
            command,
            [
                fig.Cell(_shown(command, answer), apart if outside != inside else same)
                for answer in (outside, inside)
            ],
        )
        for command, (outside, inside) in (found or {}).items()
    ]
    differ = [row.head for row in rows if row.cells[0].state == apart]
    if found is None:
        says = _(
            "New namespaces: {kinds}. The kernel refuses with EPERM: without the capability"
            " CAP_SYS_ADMIN these need a user namespace with them."
        ).format(kinds=names)
    elif not differ:
        says = _(
            "New namespaces: {kinds}. All commands answer the same on both sides: what the child"
            " did, it did to everybody, or was refused."
        ).format(kinds=names)
    else:
        says = _("New namespaces: {kinds}. These answer differently inside: {commands}.").format(
            kinds=names, commands=", ".join(differ)
        )
    picture = fig.table(
        (_("outside"), _("inside")),
        rows,
        title=_("New namespaces: {kinds}").format(kinds=names),
        description=" ".join(
            f"{row.head}: {row.cells[0].words} | {row.cells[1].words}." for row in rows
        )
        or says,
        states=(apart, same),
        quiet=same,
    )
    return View((picture,), says)


def _shown(command: str, answer: str) -> str:
    """As a reader takes it: a call that succeeds says yes."""
    if answer == "nothing":
        return _("nothing")
    return _("yes") if answer == "0" and LOOKS[command].split()[0] in ASKING else answer
