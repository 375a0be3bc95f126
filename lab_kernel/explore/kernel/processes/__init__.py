"""The explorables of the processes chapter, in the order of its page.

gantt        who runs when under one policy, and what each job waited
compare      the same workload under every policy
feedback     MLFQ: which level a job runs on
nice         shares by nice value: weights, simulations and a recording
eevdf        lag, eligibility and virtual deadline, decision by decision
recorded     what perf saw on a real CPU, and the same processes simulated
deadlines    EDF and rate-monotonic, with their admission tests
cpus         one queue for all CPUs, or one each
states       fork, wait and exit on the machine: who is a zombie, and for how long
inputs       what their controls read; rows: a run as a row for each job; wording: their sentences
"""
