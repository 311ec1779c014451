"""The metrics of a process; `probes` serves them at `/metrics`."""

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

REGISTRY = CollectorRegistry()

LOG_HEAD = Gauge(
    "log_head_position",
    "Position of the newest event of a partition.",
    ["partition"],
    registry=REGISTRY,
)
CONSUMER_POSITION = Gauge(
    "consumer_position",
    "Position up to which a consumer has read a partition.",
    ["consumer", "partition"],
    registry=REGISTRY,
)
CONSUMER_LAG = Gauge(
    "consumer_lag_events",
    "Events of the log that a consumer has not read yet.",
    ["consumer"],
    registry=REGISTRY,
)
TIMERS_OVERDUE = Gauge(
    "timers_overdue",
    "Timers whose instant has passed more than five seconds ago and that have not fired.",
    ["owner"],
    registry=REGISTRY,
)
HEARTBEAT_AGE = Gauge(
    "loop_heartbeat_age_seconds",
    "Seconds since a loop last completed a step.",
    ["loop"],
    registry=REGISTRY,
)
LOOP_FAULTS = Counter(
    "loop_faults_total", "Steps of a loop that ended in a fault.", ["loop"], registry=REGISTRY
)
LEASES = Gauge(
    "leases_held", "Chains of the log that this process leads.", ["consumer"], registry=REGISTRY
)
CONNECTIONS_CUT = Counter(
    "connections_cut_total", "Connections ended because of a limit.", ["why"], registry=REGISTRY
)
REQUESTS_LIMITED = Counter(
    "requests_limited_total", "Requests answered with 429.", ["why"], registry=REGISTRY
)
PUBLISHED = Counter("relay_published_total", "Events that the broker confirmed.", registry=REGISTRY)
MESSAGES = Counter(
    "messages_total", "Messages handled, by what became of them.", ["outcome"], registry=REGISTRY
)
DEAD_LETTERS = Gauge(
    "dead_letters", "Messages in the dead-letter queue.", ["queue"], registry=REGISTRY
)
TIMERS_FIRED = Counter(
    "timers_fired_total",
    "Clock events written because an instant came.",
    ["name"],
    registry=REGISTRY,
)
NOTICES = Counter("notices_sent_total", "Notices recorded as sent.", ["kind"], registry=REGISTRY)
REGISTRATIONS_MISSING = Gauge(
    "registration_notices_missing",
    "Client Area tickets whose user has waited too long for the registration notice.",
    registry=REGISTRY,
)
PARKED_TICKETS = Gauge(
    "parked_tickets",
    "Tickets whose clock cannot be counted; the log says why.",
    registry=REGISTRY,
)

CHAIN_VERIFIED = Gauge(
    "chain_verified_position",
    "Position up to which the round under way has verified the log again.",
    ["partition"],
    registry=REGISTRY,
)
CHECKPOINT_SIZE = Gauge(
    "checkpoint_size",
    "Events under the newest signed checkpoint.",
    ["partition"],
    registry=REGISTRY,
)
LOG_FAULTS = Gauge(
    "log_faults",
    "Things found wrong with the log by the last verification; anything but 0 is an alarm.",
    ["partition"],
    registry=REGISTRY,
)


def render() -> bytes:
    """Return all figures in the text format of Prometheus."""
    return generate_latest(REGISTRY)
