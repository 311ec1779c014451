"""Which figures a process serves: those of the groups that it measures, and no other's."""

import platform
from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Gauge, disable_created_metrics, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from docket_runtime.metrics import process
from docket_runtime.release import release

disable_created_metrics()  # type: ignore[no-untyped-call]  # they have not typed it

Group = Sequence[Collector]


def registry_of(service: str, groups: Sequence[Group]) -> CollectorRegistry:
    """Return the registry of a process: what every process measures, and these groups."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    GCCollector(registry=registry)
    build = Gauge(
        "docket_build_info",
        "What runs here; the value is always 1.",
        ["service", "version", "python"],
        registry=registry,
    )
    build.labels(service, release(), platform.python_version()).set(1)
    for group in (process.GROUP, *groups):
        for figure in group:
            registry.register(figure)
    return registry


def render(registry: CollectorRegistry) -> bytes:
    """Return all figures of a registry in the text format of Prometheus."""
    return generate_latest(registry)
