"""Toil: where the hours of a team go, what may be automated, and what happens when it is not.

In reading order:

    criteria    what makes work toil, and the four classes of hours
    time_log    a team's hours, read from a CSV file
    made        a made team's log, from a seed: the package's example
    guess       classes of tickets and meetings by their words, and how often that is wrong
    cap         the share of operational work per week and quarter against the 50% cap
    team        tickets, a fixed staff, automation, and the work that goes back to developers
    staffing    people needed as the service grows, by hand and with automation
    oncall      incidents per shift, and the smallest rotation
    payback     what automating costs, saves, and when the two are even

Sources: Beyer, Jones, Petoff, Murphy (eds.), Site Reliability Engineering, 2016, chapters 1, 5,
7 and 11. Hours are exact fractions or whole minutes: what goes in comes out.
"""
