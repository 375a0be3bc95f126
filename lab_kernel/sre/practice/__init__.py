"""SRE in practice: duties as short drills on the simulated cluster, each with its code.

In reading order:

    duties        the eight that the SRE book names, and the drill or chapter for each
    canary        change management: 1%, 10%, 100%, each stage against a control
    capacity      replicas for a peak, with one to spare, on the curve of M/M/c
    runbook       emergency response: the same steps by hand and as code
    triage        from a symptom to the release that made it, by queries
    reliability   what tests without a failure show, and what they do not

Sources: Beyer, Jones, Petoff, Murphy (eds.), Site Reliability Engineering, 2016, chapters 1, 8, 14
and 17; Beyer et al., The Site Reliability Workbook, 2018, chapter 16.
"""
