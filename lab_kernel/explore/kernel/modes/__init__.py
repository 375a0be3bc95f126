"""The explorables of the chapter on the two modes, in the order of its page.

faults      the same mistake in user mode and in kernel mode
entry       the ways into kernel mode
border      what crosses the border: pages copied, and a length fetched twice
price       many small calls against few large ones, recorded
servers     one driver in two kernels
boot        one program and the kernel's four jobs
wording     what their sentences share
"""
