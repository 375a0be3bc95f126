"""Containers: ordinary processes of the kernel below, with another view and with limits."""
