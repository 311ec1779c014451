"""Every process: its loops and checks, its connections to the database and to callers."""

from prometheus_client import Counter, Gauge

HEARTBEAT_AGE = Gauge(
    "docket_loop_heartbeat_age_seconds",
    "Seconds since a loop last completed a step.",
    ["loop"],
    registry=None,
)
LOOP_FAULTS = Counter(
    "docket_loop_faults_total",
    "Steps of a loop that ended in a fault.",
    ["loop"],
    registry=None,
)
CHECK_OK = Gauge(
    "docket_check_ok",
    "1 where a check of this process finds nothing wrong, 0 where /readyz says what.",
    ["check", "needed"],
    registry=None,
)
CONNECTIONS_OPEN = Gauge(
    "docket_database_connections",
    "Connections to the database that this process has open.",
    registry=None,
)
CONNECTS = Counter(
    "docket_database_connects_total",
    "Attempts to connect to the database, by outcome.",
    ["outcome"],
    registry=None,
)
CONNECTIONS_CUT = Counter(
    "docket_connections_cut_total",
    "Connections of callers ended because of a limit.",
    ["why"],
    registry=None,
)
for _outcome in ("connected", "refused"):
    CONNECTS.labels(_outcome)

GROUP = (HEARTBEAT_AGE, LOOP_FAULTS, CHECK_OK, CONNECTIONS_OPEN, CONNECTS, CONNECTIONS_CUT)
