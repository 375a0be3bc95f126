"""Demand paging: memory is promised first, and given page by page when it is touched.

In reading order:

    space     an address space: its regions, and the calls a process makes on it
    swap      the swap area: slots on a disk, and who still needs them
    resident  user pages in frames: loading, sharing, reclaim
    pager     the page fault handler, copy-on-write, fork, exit, and the call for the OOM killer

Modelled: private anonymous memory (heap and stack), zero-fill on first touch, copy-on-write after
fork, accessed and dirty bits, one pool of frames for all processes with any on-line replacement
policy, swap with a swap cache, out of memory. Left out: files and the page cache, shared mappings,
huge pages, read-ahead, the kernel's own address space, and the frames that page tables take.
Time is virtual: a tick is one memory access, a fault takes no longer than a hit.
"""

from lab_kernel.kernel.paging.pager import OutOfMemory, Pager
from lab_kernel.kernel.paging.space import (
    PAGE_SIZE,
    Accounting,
    BadAccess,
    CommitRefused,
    Evicted,
    Outcome,
    Region,
    Space,
)

__all__ = [
    "PAGE_SIZE",
    "Accounting",
    "BadAccess",
    "CommitRefused",
    "Evicted",
    "OutOfMemory",
    "Outcome",
    "Pager",
    "Region",
    "Space",
]
