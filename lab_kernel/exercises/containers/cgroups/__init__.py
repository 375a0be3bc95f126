"""The problems of the chapter on control groups.

shares      a part of the CPU, with siblings that sleep
burst       how long a request takes under a quota
victim      whom the OOM killer takes
tree        which limit binds in a tree
status      what an exit code and the counters tell
"""
