"""The graded problems of the chapter on objectives and budgets, in the order of its page.

spec         where an OpenSLO document is wrong
allowed      what a target leaves, in seconds or in requests
burn         how fast a budget goes, and when it is gone
slices       one morning, counted in three ways
ledger       what is left today, in a rolling window and in a calendar month
chain        what dependencies leave of a budget
"""
