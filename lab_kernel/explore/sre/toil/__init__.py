"""The explorables of the chapter on toil, in the order of its page.

ledger      a made time log: the share of each week and quarter against the cap
backlog     tickets, a fixed staff, and the share of automation from which the backlog stands still
cap         a cap on operational work, automation, and work that goes back to developers
staffing    people needed as the service grows, by hand and with automation
oncall      incidents per shift, and a rotation
payback     when automating has paid for itself
wording     what their sentences share
"""
