"""Who follows the log: its heads, how far behind each consumer is, the timers that are due."""

from prometheus_client import Counter, Gauge, Histogram

LOG_HEAD = Gauge(
    "docket_log_head_position",
    "Position of the newest event of a partition.",
    ["partition"],
    registry=None,
)
CONSUMER_POSITION = Gauge(
    "docket_consumer_position",
    "Position up to which a consumer has read a partition.",
    ["consumer", "partition"],
    registry=None,
)
CONSUMER_LAG = Gauge(
    "docket_consumer_lag_events",
    "Events of the log that a consumer has not read yet.",
    ["consumer"],
    registry=None,
)
CONSUMER_LAG_SECONDS = Gauge(
    "docket_consumer_lag_seconds",
    "Age of the oldest event that a consumer has not read yet; 0 where it has read all.",
    ["consumer"],
    registry=None,
)
TIMERS_OVERDUE = Gauge(
    "docket_timers_overdue",
    "Timers whose instant has passed more than five seconds ago and that have not fired.",
    ["owner"],
    registry=None,
)
TIMERS_OLDEST = Gauge(
    "docket_timers_oldest_due_age_seconds",
    "Seconds since the instant of the oldest timer that is due and has not fired; 0 without one.",
    ["owner"],
    registry=None,
)
PARKED_TICKETS = Gauge(
    "docket_parked_tickets",
    "Tickets whose clock cannot be counted; the log says why.",
    registry=None,
)
REGISTRATIONS_MISSING = Gauge(
    "docket_registration_notices_missing",
    "Client Area tickets whose user has waited too long for the registration notice.",
    registry=None,
)
LEASES = Gauge(
    "docket_leases_held",
    "Chains of the log that this process leads.",
    ["consumer"],
    registry=None,
)
TIMERS_FIRED = Counter(
    "docket_timers_fired_total",
    "Clock events written because an instant came.",
    ["name"],
    registry=None,
)
TIMER_LATENESS = Histogram(
    "docket_timer_lateness_seconds",
    "Seconds between the instant of a timer and its firing, by the database's clock.",
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 3600),
    registry=None,
)

GROUP = (
    LOG_HEAD,
    CONSUMER_POSITION,
    CONSUMER_LAG,
    CONSUMER_LAG_SECONDS,
    TIMERS_OVERDUE,
    TIMERS_OLDEST,
    PARKED_TICKETS,
    REGISTRATIONS_MISSING,
    LEASES,
)
TIMERS = (TIMERS_FIRED, TIMER_LATENESS)
