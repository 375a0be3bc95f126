"""Namespaces: the same call, answered differently, depending on who asks.

A namespace holds one kind of global thing - process numbers, mounts, the host's name - and a
process sees those of its own namespaces only. Nothing is copied or hidden: what is outside has no
name in here, and so no call can mean it.

In reading order:

    kinds       the eight kinds, their flags, what every namespace has
    user        who is who: maps of IDs, and over what a capability reaches
    idmap       who may write such a map
    pid         process numbers: one in each namespace from one's own to the outermost
    mount       the tree of files: mounts, bind mounts, another root
    table       mount, umount2 and pivot_root on that tree
    small       the host's name, queues by key, the root of the cgroups
    net         interfaces and ports
    view        all of them together, as one process has them: clone, unshare, setns
    procfs      /proc as a pid namespace shows it

Left out: time namespaces, the propagation of mounts, limits on how many there may be.
Source: namespaces(7) and the pages of each kind; Linux, kernel/nsproxy.c, kernel/fork.c.
"""
