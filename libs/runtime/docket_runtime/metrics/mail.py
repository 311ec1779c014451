"""Notices and mails: what was told, what became of the mail, how long the server took."""

from prometheus_client import Counter, Gauge, Histogram

NOTICES = Counter(
    "docket_notices_total", "Notices recorded in their tickets.", ["kind"], registry=None
)
MAILS = Counter(
    "docket_mails_total",
    "Mails by outcome: accepted, refused or deferred by the server, withheld by a limit of ours,"
    " or unavailable, where the server is out of reach.",
    ["outcome"],
    registry=None,
)
MAIL_SECONDS = Histogram(
    "docket_mail_duration_seconds",
    "Seconds that the mail server took for a mail, whatever it answered.",
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
    registry=None,
)
NOTICE_OWED = Gauge(
    "docket_notice_owed_age_seconds",
    "Age of the oldest notice that the mail server holds up; 0 without one.",
    registry=None,
)
for _outcome in ("accepted", "refused", "deferred", "withheld", "unavailable"):
    MAILS.labels(_outcome)

GROUP = (NOTICES, MAILS, MAIL_SECONDS, NOTICE_OWED)
