"""Alerts on an error budget: when somebody should be woken, and how to know that it works.

In reading order:

    burn            factors, thresholds, times to detection and reset; pairs that make no sense
    promql          the part of PromQL that the rules are made of
    query           what an OpenSLO document asks Prometheus
    rules           from an SLO to recordings and alerts
    series          series of samples, and promtool's notation for them
    evaluator       rules over series, as Prometheus evaluates them
    scenarios       what may happen to a service, and what should fire
    promtests       the same as unit tests for promtool
    mutants         rules with one mistake, and the tests that notice
    incidents       a month of incidents of which the truth is known
    strategies      six ways to alert, and how good each is
"""
