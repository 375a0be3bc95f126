"""What do several filters decide?"""

from __future__ import annotations

import random

from lab_kernel.exercises import Problem, exercise
from lab_kernel.exercises.answers import one_of
from lab_kernel.exercises.mistakes import Mistake, recognise
from lab_kernel.kernel.security import Action, Compare, Filter, Rule, decide
from lab_kernel.kernel.syscalls.numbers import NUMBERS
from lab_kernel.language import N_, _

CALLS = ("socket", "write", "openat", "ptrace", "mount")
ACTIONS = (Action.KILL_PROCESS, Action.TRAP, Action.ERRNO, Action.LOG, Action.ALLOW)


def _filter(rng: random.Random, call: str) -> Filter:
    """One rule about the call, perhaps with a condition on its first argument, or none."""
    default = rng.choice((Action.ALLOW, Action.ALLOW, Action.ERRNO, Action.LOG))
    if rng.random() < 0.25:
        call = rng.choice([name for name in CALLS if name != call])
    condition = (Compare(0, rng.choice(("==", "<=", ">")), rng.randrange(4)),)
    arguments = condition if rng.random() < 0.4 else ()
    action = rng.choice([one for one in ACTIONS if one is not default])
    return Filter((Rule(call, action, arguments=arguments),), default)


def told(number: int, one: Filter) -> str:
    """A filter as a line of text."""
    (rule,) = one.rules
    condition = "".join(f" if arg0 {each.comparison} {each.value}" for each in rule.arguments)
    return _("filter {n}: {call}{condition} → {action}; anything else → {default}").format(
        n=number,
        call=rule.syscall,
        condition=condition,
        action=rule.action.name,
        default=one.default.name,
    )


@exercise("kernel/syscalls/verdict", title=N_("What do the filters decide?"))
def verdict(rng: random.Random) -> Problem:
    """Three filters of one process; neither the first nor the last has to win."""
    while True:
        call, argument = rng.choice(CALLS), rng.randrange(4)
        filters = [_filter(rng, call) for _n in range(3)]
        said = [one.run(NUMBERS[call], (argument,))[0] for one in filters]
        answer = decide(filters, NUMBERS[call], (argument,)).action
        if len(set(said)) > 1 and answer is not said[2]:
            break
    mistakes: list[Mistake] = [
        (said[2].name, _("The last filter does not take back what an earlier one forbids.")),
        (said[0].name, _("The first filter does not decide alone: all of them are run.")),
        (max(said).name, _("That is the most permissive answer. The most restrictive one wins.")),
    ]
    mistakes += [
        (
            one.rules[0].action.name,
            _("Does the rule fit at all? Look at its call and its condition."),
        )
        for one in filters
    ]
    call_said = _("{call} with {value} as its first argument").format(call=call, value=argument)
    return Problem(
        prompt=_(
            "A process has installed these filters, one after the other:\n{filters}\nIt calls"
            " {call}. What becomes of the call?"
        ).format(
            filters="\n".join(told(n, one) for n, one in enumerate(filters, 1)), call=call_said
        ),
        expects=_("One of: {allowed}.").format(allowed=", ".join(one.name for one in ACTIONS)),
        answer=answer.name,
        read=one_of(*(one.name for one in ACTIONS)),
        explain=recognise(mistakes, _("None of the filters says so about this call.")),
        hints=(
            _("What does each filter say about this call, with this argument?"),
            _("All are run. From strict to lenient: KILL_PROCESS, TRAP, ERRNO, LOG, ALLOW."),
            _("The filters say: {said}.").format(said=", ".join(one.name for one in said)),
        ),
        solution=_("They say {said}. The most restrictive wins: {answer}.").format(
            said=", ".join(one.name for one in said), answer=answer.name
        ),
    )
