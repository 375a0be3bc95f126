"""The recorders: what ships in ``lab_kernel/recordings`` was made by these, on a real Linux.

    lackey        the page references of any program
    programs      the shipped ones of those again
    proc          what ``/proc`` says about memory
    strace        the system calls of any program
    nice          how nice values share a CPU
    sched         the scheduler, watched by perf
    processes     what ``ps`` and ``/proc`` say of processes
    syscalls      commands that show system calls and rights
    permissions   the kernel's answer about every file mode (for the tests)
    seccomp       its answer about every pair of filters' answers (for the tests)
    devices       what ``/proc`` counts of devices
    modes         what user mode forbids, and the way into the kernel
    namespaces    the same commands inside and outside of a view
    namespaces_random   scripts that chance wrote, for the same (for the tests)
    cgroups       shares, quotas, an OOM kill and a refused fork
    images        skopeo and umoci on an image of ours
    containers    the start of a container, seen from inside
    portability   one program in several root file systems
    promtool      rules for alerts, and rules with a mistake
    supervisor    one process that is kept running
    scaling       workers with limited CPU under a growing load
    replicas      the sample applications as real processes
    transactions  what SQLite holds after its process was killed
    loopback      three HTTP services and a gateway, one of them slow
    queueing      one worker at five utilizations
    balancing     nginx before four workers, with four ways to choose
    retries       a server that is slow for seconds, and clients that try again
    access_log    nginx before a shop with faults, under a load of its own; with it
    shop            the shop, and when it has which fault
    shoppers        its clients
    classroom     the memory of JupyterLab's server and of a kernel for each lab

``shelf`` is where they keep what they make.
"""
