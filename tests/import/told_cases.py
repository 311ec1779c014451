"""Cases of another helpdesk, and the history that a case becomes."""

from datetime import UTC, datetime, timedelta

from docket_events.recorded import Event
from docket_import import helpdesk
from docket_import.cases import Case
from docket_import.contents import Contents
from docket_import.helpdesk import Happening, HelpdeskLine
from docket_import.mapping import history_of
from docket_import.order import in_order
from docket_import.rules import ImportRules

NINE = datetime(2016, 3, 1, 9, 0, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
ELEVEN = NINE + timedelta(hours=2)
FIVE_DAYS_LATER = datetime(2016, 3, 6, 12, 0, tzinfo=UTC)

CREATED = helpdesk.TicketCreated("Phone", "4 - Low", "Category 55", "Caller 2403", "Location 143")
CLOSED = helpdesk.Closed(finalized_at=FIVE_DAYS_LATER)
OPENING = 4  # TicketCreated, TicketImported, TicketRegisteredInClientArea, RegistrationNoticeSent


def told(
    *happenings: tuple[datetime, Happening], contents: Contents | None = None
) -> list[tuple[datetime, Event]]:
    """Return the history that these happenings of the case INC1 become."""
    history = history_of(case_of(*happenings), ImportRules("desk"), contents)
    return [(fact.occurred_at, fact.event) for fact in history]


def after_opening(
    *happenings: tuple[datetime, Happening], contents: Contents | None = None
) -> list[tuple[datetime, Event]]:
    """Return what follows the opening events of a case created at nine by phone as Low."""
    return told((NINE, CREATED), *happenings, contents=contents)[OPENING:]


def case_of(*happenings: tuple[datetime, Happening]) -> Case:
    """Return the case INC1 to which this happened."""
    lines = [HelpdeskLine(n, "INC1", at, what) for n, (at, what) in enumerate(happenings, 1)]
    return Case("INC1", in_order(lines), b"")
