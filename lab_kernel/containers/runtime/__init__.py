"""A container runtime, twice: in the simulated kernel, and on a real Linux.

In reading order:

    config      what a container is to be: one record starts it here and there
    first       the steps of a start, as programs of the simulated kernel
    look        what the process sees after each step
    runtime     the life cycle of the OCI specification
    lives       operations one after the other
    attack      what root inside can do, wall by wall
    neighbours  two tenants in containers, or in virtual machines
    bpf         a seccomp filter as a real kernel takes it
    linux       ``lab-kernel container run``: the same steps through C's library
"""
