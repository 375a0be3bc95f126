"""The explorables of the chapter on burn rates and alerts, in the order of its page.

burning        one incident in a long and a short window: noticed, and over
factors        what a pair of windows becomes for any objective and period
strategies     six ways to alert on one incident
judging        the same six on a month, and on a recorded hour
mutants        rules with a mistake, and the tests that notice
wording        what their sentences share
"""
