"""DORA's five metrics of software delivery, from a deployment log.

Throughput: change lead time, deployment frequency, failed deployment recovery time. Instability:
change fail rate, deployment rework rate. No bands (elite, high, ...): they differ by year and
source, and the metrics are for one team to compare with itself.

Two readings have to be chosen. Lead time ends where the change is deployed for good, and is given
as mean and median; the rates are shares of all deployments, the unplanned ones among them.
Source: dora.dev, "DORA's software delivery performance metrics" and "A history of DORA's software
delivery metrics" (January 2026).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median

from lab_kernel.cloud_native.delivery import Deployment, lasting
from lab_kernel.errors import BadInput
from lab_kernel.language import _


@dataclass(frozen=True, slots=True)
class Metrics:
    """Times in hours; ``frequency`` is deployments a day; ``recovery`` is None without a failure.

    ``lead_time`` is the median, ``mean_lead_time`` the mean.
    """

    lead_time: float
    mean_lead_time: float
    frequency: float
    recovery: float | None
    fail_rate: float
    rework_rate: float


def measure(log: Sequence[Deployment], days: int) -> Metrics:
    """The five metrics of a log of so many days; BadInput for a log without a deployment."""
    if not log:
        raise BadInput("log", _("there is no deployment in it"))
    if days < 1:
        raise BadInput("days", _("{value} is less than {least}").format(value=days, least=1))
    leads = [at - change.committed for change, at in lasting(list(log)).items()]
    if not leads:
        raise BadInput("log", _("no change in it reached its user"))
    recoveries = [each.recovered - each.at for each in log if each.recovered is not None]
    return Metrics(
        lead_time=median(leads),
        mean_lead_time=mean(leads),
        frequency=len(log) / days,
        recovery=median(recoveries) if recoveries else None,
        fail_rate=sum(each.failed for each in log) / len(log),
        rework_rate=sum(each.unplanned for each in log) / len(log),
    )
