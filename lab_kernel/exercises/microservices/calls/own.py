"""How long a service was at work itself, from its spans."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.microservices.calls import drawing
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _
from lab_kernel.microservices.bench import request
from lab_kernel.microservices.tracing.rows import rows


@exercise("microservices/calls/own", title=N_("Whose time is it?"))
def own(rng: random.Random) -> Problem:
    """The spans of a request in a table; the service asked for makes calls itself."""
    declared = drawing.services(rng)
    root = request(declared)
    called = {node.span: f"{number:x}" for number, node in enumerate(root.walk(), 10)}
    table = "\n".join(
        _("{span}, parent {parent}: {kind} {service}, {begin}–{end} ms").format(
            span=called[node.span],
            parent=called.get(node.parent, "–"),
            kind=node.kind,
            service=node.name if node.kind == "server" else f"{node.service} → {node.name}",
            begin=f"{node.begin - root.begin:g}",
            end=f"{node.end - root.begin:g}",
        )
        for node in root.walk()
    )
    asking = [row for row in rows(root) if row.node.served() and row.node.served().children]  # type: ignore[union-attr]
    row = rng.choice(asking)
    served = row.node.served()
    assert served is not None
    answer = round(sum(end - begin for begin, end, what in row.parts if what == "work"))
    apart = round(served.duration - sum(child.duration for child in served.children))
    return Problem(
        prompt=_(
            "The spans of one request:\n{table}\nFor how many ms was {service} at work itself, and"
            " not waiting for those that it asked?"
        ).format(table=table, service=row.service),
        expects=_("A number of milliseconds, such as 84."),
        answer=answer,
        read=whole,
        explain=recognise(
            [
                (
                    round(served.duration),
                    _("That is its whole span; take away what it waited for."),
                ),
                (
                    round(row.node.duration),
                    _("That is the span of its caller, with the network and all below it."),
                ),
                (apart, _("Calls that overlap were taken away twice.")),
                (
                    answer + 2 * len(served.children),
                    _("The network is waiting, too: take away client spans, not server spans."),
                ),
            ],
            _("Its server's span, without the client's spans below it."),
        ),
        hints=(
            _("Look for the server span of {service}: the parent of its calls.").format(
                service=row.service
            ),
            _(
                "It lasts {ms} ms. Take away the time in which at least one of its calls was open."
            ).format(ms=f"{served.duration:g}"),
            _("At least one was open for {ms} ms.").format(ms=f"{served.duration - answer:g}"),
        ),
        solution=_("{span} − {asking} = {answer} ms.").format(
            span=f"{served.duration:g}", asking=f"{served.duration - answer:g}", answer=answer
        ),
    )
