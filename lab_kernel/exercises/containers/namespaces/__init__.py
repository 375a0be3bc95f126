"""The graded problems of the chapter on namespaces, in the order of its page.

number        what a process is called, and where
same          how many namespaces there are
survivors     who is left after a kill
users         who is who, by uid_map
refusal       what the kernel answers
"""
