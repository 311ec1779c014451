"""A ticket that lives as long as one likes: the ball changes sides, the clock waits and runs."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from uuid import UUID

from docket_events.notice import RegistrationNoticeSent
from docket_events.recorded import Event, Fact
from docket_events.ticket import (
    InformationProvided,
    InformationRequested,
    PriorityChanged,
    ResponseSent,
    ThirdPartyResponseReceived,
    ThirdPartyWaitStarted,
    TicketCreated,
    TicketResumed,
    TicketSuspended,
    UserReplied,
)
from docket_policies.terms.loader import policy

PACK, REVISION = "regulations", "R-2025-03-27"
POLICY = policy(PACK, REVISION)

_BEGINS, _APART = datetime(2026, 3, 2, 9, 0, tzinfo=UTC), timedelta(minutes=47)
_NOTICE = UUID("00000000-0000-7000-8000-000000000001")


def history(events: int) -> Sequence[Fact]:
    """Return the first so many events of the ticket, 47 minutes apart."""
    return [Fact(event, _BEGINS + n * _APART) for n, event in enumerate(islice(_ticket(), events))]


def _ticket() -> Iterator[Event]:
    yield TicketCreated("1", "acme", "ann", "client_area", "VMmanager 6", "Medium", PACK, REVISION)
    yield RegistrationNoticeSent(_BEGINS + _APART, _NOTICE)
    for n in count(1):
        yield ThirdPartyWaitStarted(f"party {n}")
        yield PriorityChanged("High")
        yield ThirdPartyResponseReceived(f"party {n}")
        yield InformationRequested(f"request {n}")
        yield InformationProvided(f"request {n}")
        yield TicketSuspended("ann")
        yield TicketResumed("ann")
        yield PriorityChanged("Medium")
        yield ResponseSent()
        yield UserReplied()
