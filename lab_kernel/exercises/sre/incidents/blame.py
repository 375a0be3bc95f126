"""The sentence that blames somebody."""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import whole
from lab_kernel.exercises.mistakes import recognise
from lab_kernel.language import N_, _

#: (what a postmortem should not say, what it could say instead)
BLAMING = (
    (
        N_("The operator forgot to take the old node out of the list."),
        N_("The list is kept by hand, and nothing compares it with the nodes that there are."),
    ),
    (
        N_("Human error: the wrong database was emptied."),
        N_("The prompts of both databases look the same."),
    ),
    (
        N_("The reviewer should have known that the limit was too low."),
        N_("Nothing in a review shows what a limit will do under load."),
    ),
    (
        N_("The outage was the fault of the storage team."),
        N_("Storage and shop each expected the other to keep the copies."),
    ),
    (
        N_("A careless change to the firewall locked everybody out."),
        N_("A change to the firewall reaches all servers at once, and is tried on none before."),
    ),
    (
        N_("Had the on-call engineer looked at the graph, it would have ended at ten."),
        N_("The graph that shows it is on no page that an alert leads to."),
    ),
    (
        N_("The team did not take the warning seriously enough."),
        N_("The warning comes forty times a day, and was right once this year."),
    ),
)
NEUTRAL = (
    N_("The alert came 12 minutes after the first failed request."),
    N_("The runbook names a command that was removed in spring."),
    N_("The rollback needed a person who was on a plane."),
    N_("Two services waited for each other after the restart."),
    N_("The certificate ran out at midnight, and no alert watches it."),
    N_("We were lucky: the copy of the night before could still be read."),
    N_("The engineer who saw the graph said so at once, and that saved twenty minutes."),
    N_("The person on call had two alerts at the same time and took the louder one."),
    N_("The new version was given to all replicas within one minute."),
)


@exercise("sre/incidents/blame", title=N_("Which sentence blames?"))
def blame(rng: random.Random) -> Problem:
    """One that says who, among three that say what. Two of the first kind need no word of blame."""
    number = rng.randrange(1, 5)
    wrong, instead = rng.choice(BLAMING)
    sentences = rng.sample(NEUTRAL, 3)
    sentences.insert(number - 1, wrong)
    return Problem(
        prompt=_(
            "Four sentences of a draft of a postmortem:\n{rows}\nOne of them blames somebody"
            " instead of saying what made it possible. Which one?"
        ).format(rows="\n".join(f"{n}. {_(each)}" for n, each in enumerate(sentences, 1))),
        expects=_("The number of a sentence, from 1 to 4."),
        answer=number,
        read=whole,
        explain=recognise(
            [
                (n, _("“{sentence}” says what happened, also where it names somebody.").format(
                    sentence=_(each)))
                for n, each in enumerate(sentences, 1) if n != number
            ],
            _("There are four sentences."),
        ),
        hints=(
            _("To name somebody is not to blame: look for who could have done better."),
            _("Ask of each: if somebody else had been there, would it still be true?"),
            _("One could write instead: “{instead}”").format(instead=_(instead)),
        ),
        solution=_("“{sentence}” Better: “{instead}”").format(
            sentence=_(wrong), instead=_(instead)
        ),
    )  # fmt: skip
