"""The explorables of the chapter on namespaces, in the order of its page.

isolate       one namespace at a time, the same commands inside and outside
pids          nested pid namespaces: who is called what, and whom one can kill
standing      what this root may do, simulated and on a real Linux
users         who is who, by a map of user IDs
shared        what a neighbour notices: in a container, and in a virtual machine
"""
