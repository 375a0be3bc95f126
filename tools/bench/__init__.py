"""How fast the simulators are, each beside something that bounds it: ``make bench``.

    timing         pairs of runs, their median ratio, a line with a verdict
    replacement    LRU beside the least that LRU can be
    clock          virtual time beside a bare heap
    scheduling     100,000 jobs beside 50,000
    against_simpy  the same jobs by SimPy: the same finish times, and who is quicker
    placement      10,000 pods on 1,000 nodes beside 5,000, and within 10 s
    access_log     a million lines of a log: within 10 s, in the memory of a tenth of them

But for those objectives no figure is a time: a machine is fast or slow, a ratio of two runs side by
side is neither.
"""
