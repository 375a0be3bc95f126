"""The explorable of the page on running the labs for a class.

size    how many learners, how much memory, how many machines
"""
