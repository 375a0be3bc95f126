"""One service hangs: how many others fail, by the way they call it."""

from __future__ import annotations

from functools import cache

from lab_kernel import figures as fig
from lab_kernel.cloud_native.coupling import (
    DEGRADED,
    FAILED,
    FALLBACK,
    MIXED,
    OK,
    QUEUE,
    SHOP,
    SYNC,
    TIMEOUT,
    UNANSWERED,
    WISHES,
    Outcome,
    Shop,
    chain,
)
from lab_kernel.explore import Choice, View, Whole, explorable
from lab_kernel.explore.wording import percent
from lab_kernel.language import N_, _

MIX = "mixed"
NOBODY = "none"
WAYS = {
    SYNC: N_("wait, however long"),
    TIMEOUT: N_("wait, but not for ever"),
    FALLBACK: N_("go on without it after a while"),
    QUEUE: N_("leave it in a queue"),
    MIX: N_("each call as it can be"),
}
ENDS = {
    OK: N_("answered"),
    DEGRADED: N_("answered without something"),
    FAILED: N_("an error"),
    UNANSWERED: N_("no answer"),
}
MOST, SHARES = 100, (0.99, 0.999, 0.9999)


@cache
def outcome(how: str, dead: str) -> Outcome:
    shop = Shop(how=TIMEOUT, ways=MIXED) if how == MIX else Shop(how=how)
    return shop.run("" if dead == NOBODY else dead)


@explorable(
    "cloud-native/applications/coupling",
    title=N_("A service hangs"),
    predict=N_(
        "The service that sends letters takes requests and never answers. Half of the users only"
        " look at the catalogue, which needs no letters. How many of those are not served?"
    ),
    controls=(
        Choice(
            name="dead",
            label=N_("Which one hangs"),
            default="mail",
            options=((NOBODY, N_("none")), *((name, name) for name in SHOP if name != "front")),
        ),
        Choice(
            name="how",
            label=N_("How services call each other"),
            default=SYNC,
            options=tuple(WAYS.items()),
        ),
    ),
)
def coupling(dead: str, how: str) -> View:
    """Who calls whom and who fails; and what the users got."""
    found = outcome(how, dead)
    failing = found.failing(dead)
    hangs, fails, serves = _("hangs"), _("fails others"), _("serves")
    rows = []
    for name, calls in SHOP.items():
        state = hangs if name == dead else fails if name in failing else serves
        calls = WISHES if name == "front" else calls
        rows.append(fig.Row(name, [fig.Cell(", ".join(calls) or "-"), fig.Cell(state, state)]))
    bars = [
        fig.Bar(wish, [(_(ENDS[end]), number) for end, number in ends.items() if number])
        for wish, ends in found.users.items()
    ]
    says = _("{count} of {others} other services fail somebody. Users not served: {bad}.").format(
        count=len(failing),
        others=len(SHOP) - (dead != NOBODY),
        bad=", ".join(f"{wish} {found.bad(wish)}/30" for wish in WISHES),
    )
    if found.kept:
        says += " " + _("{n} messages wait for it in the queue.").format(n=found.kept)
    who = fig.table(
        (_("whom it calls"), _("state")),
        rows,
        title=_("The services of the shop"),
        description=says,
        states=(serves, fails, hangs),
    )
    users = fig.bars(
        bars,
        title=_("What the users got, by what they asked for"),
        description=says,
        kinds=[_(name) for name in ENDS.values()],
    )
    return View((who, users), says)


@explorable(
    "cloud-native/applications/chain",
    title=N_("Services in a row"),
    predict=N_(
        "Each service is available 99.9% of the time. A request needs thirty of them, one after the"
        " other. How often does it go through?"
    ),
    controls=(Whole(name="services", label=N_("Services"), default=30, low=1, high=MOST),),
)
def in_a_row(services: int) -> View:
    """Availability of a chain, for three availabilities of its parts."""
    series = [
        fig.Series(percent(each), [(n, 100 * chain(n, each)) for n in range(0, MOST + 1, 5)])
        for each in SHARES
    ]
    said = ", ".join(f"{percent(each)} → {percent(chain(services, each))}" for each in SHARES)
    says = _("{n} in a row, all needed: {said}.").format(n=services, said=said)
    picture = fig.line_chart(
        series,
        title=_("Availability of services in a row"),
        description=says,
        x_label=_("services"),
        y_label=_("available, %"),
        y_from_zero=False,
    )
    return View((picture,), says)
