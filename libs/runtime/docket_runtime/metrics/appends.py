"""Who writes to the log: appends by outcome, how many go together, how long they take."""

from prometheus_client import Counter, Histogram

APPENDS = Counter(
    "docket_appends_total",
    "Appends to the log by outcome: written, conflict, repeated, refused by the database, or"
    " unavailable.",
    ["outcome"],
    registry=None,
)
APPEND_SECONDS = Histogram(
    "docket_append_duration_seconds",
    "Seconds from asking for an append to its commit: waiting for a call, for the partition's lock"
    " and for the disk.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
    registry=None,
)
APPEND_CALL_SECONDS = Histogram(
    "docket_append_call_duration_seconds",
    "Seconds of one call that writes a batch: the partition's lock, and the commit where the call"
    " is a transaction of its own.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
    registry=None,
)
APPEND_BATCH = Histogram(
    "docket_append_batch_size",
    "Appends that are written by one call.",
    buckets=(1, 2, 4, 8, 16, 32, 64, 128, 256),
    registry=None,
)
EVENTS_APPENDED = Counter(
    "docket_events_appended_total", "Events that this process has written.", registry=None
)
for _outcome in ("written", "conflict", "repeated", "refused", "unavailable"):
    APPENDS.labels(_outcome)

GROUP = (APPENDS, APPEND_SECONDS, APPEND_CALL_SECONDS, APPEND_BATCH, EVENTS_APPENDED)
CALLS = (APPEND_CALL_SECONDS, APPEND_BATCH, EVENTS_APPENDED)
"""Of those who append in transactions of their own: sla-clock and notifier."""
