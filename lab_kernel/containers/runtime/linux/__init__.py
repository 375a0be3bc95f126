"""Containers on a real Linux, from Python's standard library alone.

In reading order:

    steps        the steps of a start, in their order
    run          three processes: who waits, who guards, who becomes the program
    inside       the two of them that do the steps
    report       what they tell the one that waits
    rootfs       mounts and pivot_root
    privileges   capabilities, users, no_new_privs, the filter
    limits       control groups, version 1 and 2
    accounts     users by name, from the container's files
    source       an image, unpacked for one run, or a directory
    terminal     kept as it was
    available    whether this machine can, and why not
    look         what a process sees around it
    libc         the system calls that Python lacks

Nothing here is imported before it is needed; elsewhere than on Linux ``available.check`` refuses.
Left out: networks other than none and the host's, a terminal of the container's own, ID maps with
more than one line (newuidmap), security modules, checkpoints, a time namespace.
"""
