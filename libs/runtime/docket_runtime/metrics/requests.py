"""ticket-api: what was asked over HTTP, what became of it, how long it took; live streams."""

from prometheus_client import Counter, Gauge, Histogram

from docket_runtime.metrics import appends

REQUESTS = Counter(
    "docket_http_requests_total",
    "Requests answered, by route, method, status and code of the problem; probes are not counted.",
    ["route", "method", "status", "code"],
    registry=None,
)
REQUEST_SECONDS = Histogram(
    "docket_http_request_duration_seconds",
    "Seconds from the first byte to the last; not of streams, exports, files and analyses.",
    ["route", "method"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=None,
)
REQUESTS_UNDER_WAY = Gauge(
    "docket_http_requests_in_progress", "Requests and streams under way.", registry=None
)
REQUESTS_LIMITED = Counter(
    "docket_http_requests_limited_total",
    "Requests answered with 429, by the limit they met.",
    ["why"],
    registry=None,
)
LISTENERS = Gauge("docket_stream_listeners", "Who listens to live streams now.", registry=None)
STREAMS_ENDED = Counter(
    "docket_streams_ended_total",
    "Live streams that we ended: slow readers, ended tokens, a database out of reach.",
    ["why"],
    registry=None,
)
POOL_SIZE = Gauge(
    "docket_database_pool_size", "Connections that the pool for questions may have.", registry=None
)
POOL_IN_USE = Gauge(
    "docket_database_pool_in_use",
    "Connections of the pool for questions that are in use.",
    registry=None,
)
for _why in ("slow_reader", "token_ended", "unavailable"):
    STREAMS_ENDED.labels(_why)

GROUP = (
    REQUESTS,
    REQUEST_SECONDS,
    REQUESTS_UNDER_WAY,
    REQUESTS_LIMITED,
    LISTENERS,
    STREAMS_ENDED,
    POOL_SIZE,
    POOL_IN_USE,
)
SERVED = (GROUP, appends.GROUP)
"""What ticket-api measures, which is the one that answers requests."""
