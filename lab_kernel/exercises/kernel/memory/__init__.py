"""The graded problems of the memory chapter, one a room, in the order of its page.

translate, effective_access   a virtual address, and what a translation costs
faults, victim                page replacement; replay has what the two share
allocate, buddy               where a block comes to lie, and where its buddy is
commit, oom                   which promise is refused, and which process is killed
"""
