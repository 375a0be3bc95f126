"""The graded problems of the chapter on images, in the order of its page.

view       which files are seen through the layers
size       why an image does not get smaller
digests    what a change gives another digest
shipped    what a change costs to ship
version    what a tag or a digest starts
missing    what a program needs and does not find
"""
