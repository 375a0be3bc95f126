"""Tracing: from the spans of a Trace to what one request did, and where its time went.

In reading order:

    tree            the spans of one request, each below the one that caused it
    critical        the critical path: what the request had to wait for
    rows            a row for each call, for the waterfall, as a picture and as text
    otlp            spans as OpenTelemetry's protocol writes them in JSON, and back
"""
