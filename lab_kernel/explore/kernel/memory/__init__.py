"""The explorables of the memory chapter, in the order of its page.

owners        who owns each frame
halves        the two halves of an address space
walk, tlb     from a virtual address to a physical one, and the shortcut
paging        demand paging, simulated and recorded
replacement   which page leaves: one run, and every size
recorded      real programs under every policy
allocation    a heap's free list
buddies       the buddy allocator
limits        overcommit, the OOM killer
inputs        what their controls read; wording: what their sentences share
"""
