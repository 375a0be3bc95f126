"""The explorables of the chapter on SRE in practice, in the order of its page.

runbook     the same incident by hand and by code
canary      a change in stages, and what it costs of the error budget
capacity    replicas for a peak, on the curve of M/M/c
triage      three services, two releases, one of them bad
trials      what tests without a failure show
"""
