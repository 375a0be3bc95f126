"""Failure that is planned for: experiments, the response, and what is learnt from it.

In reading order:

    faults        what can be made to go wrong, by name
    experiment    a hypothesis, a fault, and a condition on which it is stopped
    response      from the first failed request to the last: detect, decide, mend
    postmortem    what happened, from the record; what it must not say
    game_day      a fault by chance, and how well it was predicted
"""
