"""The proof: how far the log has been signed and verified again, and what was found."""

from prometheus_client import Gauge

CHAIN_VERIFIED = Gauge(
    "docket_chain_verified_position",
    "Position up to which the round under way has verified the log again.",
    ["partition"],
    registry=None,
)
CHECKPOINT_SIZE = Gauge(
    "docket_checkpoint_size",
    "Events under the newest signed checkpoint.",
    ["partition"],
    registry=None,
)
LOG_FAULTS = Gauge(
    "docket_log_faults",
    "Things found wrong with the log by the last verification; anything but 0 is an alarm.",
    ["partition"],
    registry=None,
)
FAULTY_CHAINS = Gauge(
    "docket_faulty_chains",
    "Chains in which a fault stands recorded, whichever instance has found it.",
    registry=None,
)
VERIFICATION_AGE = Gauge(
    "docket_verification_age_seconds",
    "Seconds since the last complete round of a chain; before the first, since it began.",
    ["partition"],
    registry=None,
)
CHECKPOINT_AGE = Gauge(
    "docket_checkpoint_age_seconds",
    "Seconds since the oldest event that no signed checkpoint covers; 0 where all are covered.",
    ["partition"],
    registry=None,
)

GROUP = (
    CHAIN_VERIFIED,
    CHECKPOINT_SIZE,
    LOG_FAULTS,
    FAULTY_CHAINS,
    VERIFICATION_AGE,
    CHECKPOINT_AGE,
)
