"""The graded problems of the chapter on the container runtime, in the order of its page.

order         which operations of a life cycle are refused
code          with which code a container ends
capability    what a mask of capabilities allows
wall          which wall stops an attempt
owner         whose a file is, seen from the other side of a user namespace
"""
