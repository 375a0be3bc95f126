"""Several filters, one verdict."""

from __future__ import annotations

from lab_kernel import figures as fig
from lab_kernel.explore import Choice, View, explorable
from lab_kernel.kernel.errno import Errno
from lab_kernel.kernel.security import Action, Filter, decide
from lab_kernel.language import N_, _

ABSENT = "none"
ERRORS = (Errno.EPERM, Errno.EACCES, Errno.ENOSYS)  # what each filter would make a call fail with
EFFECTS = {
    Action.KILL_PROCESS: N_("the process is killed"),
    Action.KILL_THREAD: N_("the thread is killed"),
    Action.TRAP: N_("SIGSYS, and the call is not run"),
    Action.ERRNO: N_("the call is not run and fails"),
    Action.USER_NOTIF: N_("a supervisor decides"),
    Action.TRACE: N_("a tracer decides"),
    Action.LOG: N_("the call is run and logged"),
    Action.ALLOW: N_("the call is run"),
}
OPTIONS = ((ABSENT, N_("no filter")), *((action.name, action.name) for action in sorted(Action)))


def _control(name: str, label: str, default: str) -> Choice:
    return Choice(name=name, label=label, default=default, options=OPTIONS)


@explorable(
    "kernel/syscalls/filters",
    title=N_("Three filters, one verdict"),
    predict=N_(
        "The first filter allows a call, the second makes it fail, the third, added last, allows it"
        " again. Is it run?"
    ),
    controls=(
        _control("first", N_("First filter"), "ALLOW"),
        _control("second", N_("Second filter"), "ERRNO"),
        _control("third", N_("Third filter"), "ALLOW"),
    ),
)
def filters(first: str, second: str, third: str) -> View:
    """Every filter is run; the most restrictive answer wins, whoever gave it."""
    asked = [
        (place, Filter(default=Action[name], errno=ERRORS[place - 1]))
        for place, name in enumerate((first, second, third), 1)
        if name != ABSENT
    ]
    verdict = decide([each for _place, each in asked], 0)
    wins, says_so = _("decides"), _("said so, too")
    rows = []
    for action in sorted(Action):
        cells = []
        for place in (1, 2, 3):
            said = dict(asked).get(place)
            here = said is not None and said.default is action
            decided = here and verdict.by is not None and asked[verdict.by][0] == place
            state = (wins if decided else says_so) if here else ""
            cells.append(fig.Cell("●" if here else "", state, decided))
        rows.append(fig.Row(f"{action.name}: {_(EFFECTS[action])}", cells))
    if verdict.by is None:
        says = _("No filter, no question: the call is run.")
    else:
        says = _("{action} by filter {place}: {effect}{errno}.").format(
            action=verdict.action.name,
            place=asked[verdict.by][0],
            effect=_(EFFECTS[verdict.action]),
            errno=f" ({Errno(verdict.errno).name})" if verdict.errno else "",
        )
    picture = fig.table(
        (_("filter 1"), _("filter 2"), _("filter 3")),
        rows,
        title=_("The most restrictive answer stands highest"),
        description=says
        + " "
        + " ".join(
            _("Filter {place}: {action}.").format(place=place, action=each.default.name)
            for place, each in asked
        ),
        states=(wins, says_so),
    )
    return View((picture,), says)
