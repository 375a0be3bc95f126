"""Service level indicators: from events to one figure.

In reading order:

    event           what a service did once: an answered request
    access_log      events from the access log of a web server
    condition       which events count, and which of them were good: status<500 and seconds<0.3
    windows         events by time: aligned windows, late lines, gaps
    histogram       how long they took: buckets, quantiles and their error
    indicator       the indicators of many events
    recorded        a real nginx under a real load, with faults
"""
