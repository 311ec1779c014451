"""Facts of a closing, and the ticket after a few facts: what the tests of the fold share."""

from docket_events.notice import (
    ClosureNoticeSent,
)
from docket_events.recorded import Event, Fact
from docket_events.ticket import (
    ClosureDecided,
    InformationRequested,
)
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Ticket
from people import MONDAY, NOTICE, TICKET, june

DECIDED = ClosureDecided("resolved", "R-6.10-a")
NOTICED = ClosureNoticeSent(june(9, 18, 3), NOTICE, june(15))
ASKED = InformationRequested("q1", deadline=june(11, 9))


def after(*happened: Event | Fact) -> Ticket:
    facts = [h if isinstance(h, Fact) else Fact(h, MONDAY) for h in happened]
    ticket = fold(TICKET, facts)
    assert ticket is not None
    assert ticket.version == len(facts)
    return ticket
