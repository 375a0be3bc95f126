"""SLOs: the target, the error budget that it leaves, and what follows when that is spent.

In reading order:

    spec            what an objective says, as plain data
    place, sli, objective, openslo
                    OpenSLO v1 in YAML to that data, or a line that says what is wrong
    window          which stretch of time is judged: rolling or calendar
    budget          what is allowed, spent and left, counted in three ways; burn rate
    policy          what the team does about it
    availability    how long a service may be down, for any target and period
    composition     what a chain of services can promise
    picking         which target, and why not 100%
    examples        SLOs in YAML
"""
