"""Alerts on an error budget: when somebody should be woken, and how to know that it works.

In reading order:

    burn            factors, thresholds, times to detection and reset; pairs that make no sense
    promql          the part of PromQL that the rules are made of
    query           what an OpenSLO document asks Prometheus
    indicator       what the rules of an SLO measure
    rules           from an SLO to recordings and alerts
    series          series of samples, and promtool's notation for them
    evaluator       rules over series, as Prometheus evaluates them
    happening       what happens to a service: as series, and as the truth about it
    moments         when to ask which alerts fire
    scenarios       seven kinds of things that may happen
    promtests       the same as unit tests for promtool
    mutants         rules with one mistake, and the tests that notice
    demo            one incident on a service with its rules, minute by minute
    incidents       a month of incidents, and a recorded hour, of which the truth is known
    strategies      six ways to alert, and how good each is
"""
