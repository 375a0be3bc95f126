"""The explorables of the chapter on system calls and security, in the order of its page.

door          one call, from the program into the kernel and back
price         what the door costs, simulated and recorded
plumbing      descriptors, a pipe and two processes
rights        permission bits and capabilities
filters       several seccomp filters, one verdict
recorded      what strace wrote of real programs, and a filter before them
wording       what their sentences share
"""
