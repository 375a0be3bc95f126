"""The recorders: what ships in ``lab_kernel/recordings`` was made by these, on a real Linux.

``lackey`` records the page references of any program, ``programs`` the shipped ones again,
``proc`` what ``/proc`` says about memory, and ``strace`` the system calls of any program. ``nice``
measures how nice values share a CPU, ``sched`` has perf watch the scheduler, and ``processes``
asks ``ps`` and ``/proc``. ``syscalls`` runs commands that show system calls and rights,
``permissions`` asks the kernel about every file mode, ``seccomp`` about every pair of filters'
answers (for the tests). ``modes`` lets processes do what user mode forbids, and measures the way
into the kernel. ``namespaces`` plays scripts of isolation
in a small world of their own. ``containers`` watches the start of a container from inside. ``portability`` starts one program in several root file systems. ``classroom``
weighs JupyterLab's server and a kernel for each lab. ``shelf`` is where they keep what they make.
"""
