"""The graded problems of the chapter on toil, in the order of its page.

criteria    hours of toil in a short log
cap         hours that go back to the developers
threshold   the share to automate for the backlog to stand still
rotation    the smallest rotation, and the most incidents of a shift
payback     weeks until automating is even
"""
