"""The graded problems of the chapter on burn rates and alerts, in the order of its page.

factor      the burn rate of a pair of windows, for a share of the budget and a period
detection   after how many minutes somebody is paged
reset       how long the alert goes on after the end
urgency     nobody, a ticket, a page, or both
dead        which pairs must not be written
mistake     which test notices the mistake in the rules
"""
