"""The desk: tickets under way, those due soon or overdue, and the years that calendars know."""

from prometheus_client import Gauge

OPEN_TICKETS = Gauge(
    "docket_tickets_open", "Tickets under way.", ["status", "priority"], registry=None
)
DUE_SOON = Gauge(
    "docket_tickets_due_soon",
    "Tickets whose response is due within an hour.",
    ["priority"],
    registry=None,
)
BREACHED = Gauge(
    "docket_tickets_overdue",
    "Tickets whose response is overdue now.",
    ["priority"],
    registry=None,
)
CALENDAR_LAST_YEAR = Gauge(
    "docket_calendar_last_year",
    "The last year for which a calendar knows its holidays.",
    ["calendar"],
    registry=None,
)
CALENDAR_YEARS_LEFT = Gauge(
    "docket_calendar_years_left",
    "Whole years after this one for which the calendar that ends first knows its holidays.",
    registry=None,
)

GROUP = (OPEN_TICKETS, DUE_SOON, BREACHED, CALENDAR_LAST_YEAR, CALENDAR_YEARS_LEFT)
