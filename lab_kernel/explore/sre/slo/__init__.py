"""The explorables of the chapter on objectives and budgets, in the order of its page.

downtime       what a target leaves, for any period, and for a service that is partly up
counting       one attack, counted in three ways
ledger         the same incidents booked against a rolling window and a calendar month
picker         what users notice, what a nine costs, and where the two meet
chain          what dependencies leave of a budget
wording        what their sentences share
"""
