"""The graded problems of the chapter on system calls and security, in the order of its page.

copying       how many calls a copy takes
descriptors   which number a call returns
strace        what a listing of strace says
rights        what the permission bits leave
errno         why a call fails
verdict       what several filters decide
"""
