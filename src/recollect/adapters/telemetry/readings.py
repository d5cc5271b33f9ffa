"""Readings for Prometheus: how everything stands at the moment of asking, summed over the memories of the process."""

from collections.abc import Iterator, Sequence

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from recollect.ports.telemetry import Readings, Source


class ReadingsCollector(Collector):
    """Asks every source when the metrics are read; sums are over all of them, so no label names a tenant."""

    def __init__(self) -> None:
        self.sources: list[Source] = []

    def collect(self) -> Iterator[Metric]:
        """The metrics, each with its samples; complete also where nothing was read, so that it can be listed."""
        read = [source() for source in tuple(self.sources)]
        yield from _pool(read)
        yield from _resident(read)
        yield from _hot(read)
        yield from _access(read)
        yield from _upkeep(read)


def _pool(read: Sequence[Readings]) -> Iterator[Metric]:
    pool = GaugeMetricFamily("recollect_pool_connections", "Database connections that are open.", labels=["state"])
    in_use = sum(one.connections_in_use for one in read)
    pool.add_metric(["in_use"], in_use)
    pool.add_metric(["idle"], sum(one.connections for one in read) - in_use)
    yield pool
    awaited = sum(one.connections_awaited for one in read)
    yield GaugeMetricFamily("recollect_pool_waiting", "Callers who wait for a database connection.", value=awaited)


def _resident(read: Sequence[Readings]) -> Iterator[Metric]:
    users, size = sum(one.resident_users for one in read), sum(one.resident_bytes for one in read)
    yield GaugeMetricFamily("recollect_resident_users", "Users whose index is held in the process.", value=users)
    yield GaugeMetricFamily("recollect_resident_bytes", "Memory that these indexes take, about.", value=size)


def _hot(read: Sequence[Readings]) -> Iterator[Metric]:
    tiers = [one.hot for one in read if one.hot is not None]
    loads = CounterMetricFamily("recollect_hot_loads", "Loads of what every turn needs, by result.", labels=["result"])
    loads.add_metric(["hit"], sum(tier.hits or 0 for tier in tiers))
    loads.add_metric(["miss"], sum(tier.misses or 0 for tier in tiers))
    loads.add_metric(["degraded"], sum(tier.degraded for tier in tiers))
    yield loads
    alone = sum(tier.breaker == "open" for tier in tiers)
    yield GaugeMetricFamily(
        "recollect_hot_tier_left_alone", "Whether Redis is left alone because it failed.", value=alone
    )


def _access(read: Sequence[Readings]) -> Iterator[Metric]:
    waiting, dropped = sum(one.access_waiting for one in read), sum(one.access_dropped for one in read)
    yield GaugeMetricFamily("recollect_access_log_waiting", "Entries of the access log not written yet.", value=waiting)
    yield CounterMetricFamily("recollect_access_log_dropped", "Entries that were never written.", value=dropped)


def _upkeep(read: Sequence[Readings]) -> Iterator[Metric]:
    queue = GaugeMetricFamily("recollect_upkeep_queue", "Outcomes that wait to be thought over.", labels=["status"])
    queue.add_metric(["queued"], sum(one.queued for one in read))
    queue.add_metric(["failed"], sum(one.failed for one in read))
    yield queue
    lag = max((one.oldest_s for one in read), default=0.0)
    yield GaugeMetricFamily("recollect_upkeep_lag_seconds", "For how long the oldest of the queue waits.", value=lag)
