"""What `/metrics` tells: requests as this server's processes counted them, and the whole as the database has it.

The numbers of the database are read when they are asked for, each by one query that an index answers, so that no
process need be asked for them in particular and none keeps them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from django.db import DatabaseError, InterfaceError
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from grid.health.followers import Measure, measure_also, measures
from project.health import counting, numbers
from project.health.asking import DATABASE, findings

SHARED = "PROMETHEUS_MULTIPROC_DIR"


def register() -> None:
    """Called when the apps are ready."""
    for measure in numbers.MEASURES:
        measure_also(measure)


def exposition() -> tuple[bytes, str]:
    """Content and content type."""
    whole = CollectorRegistry()
    whole.register(_Whole())
    return counted() + generate_latest(whole), CONTENT_TYPE_LATEST


def counted() -> bytes:
    """What was counted: by all workers of this server where they share a folder, else by this process."""
    assert counting  # its counters must be there before anybody counted
    if SHARED not in os.environ:
        return generate_latest(REGISTRY)
    shared = CollectorRegistry()
    MultiProcessCollector(shared)
    return generate_latest(shared)


class _Whole(Collector):
    def collect(self) -> Iterator[Metric]:
        found = findings()
        failed = GaugeMetricFamily(
            "grid_check_failed", "1 where a check of doctor finds fault", labels=["check"]
        )
        for finding in found:
            failed.add_metric([finding.name], float(bool(finding.fault)))
        yield failed
        is_away = any(finding.name == DATABASE and finding.fault for finding in found)
        for measure in measures():
            if not (is_away and measure.needs_database):
                yield from _read(measure)


def _read(measure: Measure) -> Iterator[Metric]:
    try:
        value = measure.read()
    except (DatabaseError, InterfaceError):
        return  # the checks say so
    family = GaugeMetricFamily(measure.name, measure.help, labels=[measure.label] if measure.label else [])
    for label, number in value.items() if isinstance(value, dict) else [("", value)]:
        family.add_metric([label] if measure.label else [], float(number))
    yield family
