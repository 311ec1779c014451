"""The bus: what the relay publishes, what notifier receives and sets aside."""

from prometheus_client import Counter, Gauge, Histogram

PUBLISHED = Counter(
    "docket_bus_published_total", "Events that the broker confirmed.", registry=None
)
RETURNED = Counter(
    "docket_bus_returned_total",
    "Events that a service needs and that no queue took: the topology is broken.",
    registry=None,
)
PUBLISH_FAILURES = Counter(
    "docket_bus_publish_failures_total",
    "Batches that were not confirmed: the broker was out of reach, blocked, or said no.",
    registry=None,
)
PUBLISH_SECONDS = Histogram(
    "docket_bus_publish_duration_seconds",
    "Seconds from publishing a batch to its last confirm.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
    registry=None,
)
MESSAGES = Counter(
    "docket_bus_messages_total",
    "Messages handled, by what became of them.",
    ["outcome"],
    registry=None,
)
DEAD_LETTERS = Gauge(
    "docket_dead_letters", "Messages in the dead-letter queue.", ["queue"], registry=None
)
for _outcome in ("handled", "passed_over", "tried_again", "dead_lettered"):
    MESSAGES.labels(_outcome)

RELAY = (PUBLISHED, RETURNED, PUBLISH_FAILURES, PUBLISH_SECONDS)
CONSUMER = (MESSAGES, DEAD_LETTERS)
