"""The explorables of the chapter on images, in the order of its page.

stack      what layers store and what is seen
shipping   what a one-line change costs
naming     a tag moves, a digest does not
starting   one file is missing, and the program does not start
"""
