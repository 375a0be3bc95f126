"""The graded problems of the chapter on planning for failure, in the order of its page.

brake       in which second an experiment is stopped
phases      the requests that an incident fails
due         how long an incident may last without a postmortem
blame       the sentence that blames somebody
forecast    what forecasts score
"""
