"""The only door into the kernel: system calls, by number."""
