"""SRE: how well a service does, how well it should, and what to do about the difference.

In reading order:

    sli             from events to one figure
    slo             the target, and the error budget that it leaves
    alerts          when somebody should be woken
    toil            where the hours of a team go
    practice        eight duties as drills: changes, capacity, incidents, tests
    incidents       failure that is planned for: experiments, response, postmortems
"""
