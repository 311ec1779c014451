"""The people, the instants and the first events that the sentences of these tests speak of.

Weekdays: 8 June 2026 is a Monday, and no holiday of the pack's calendar lies before 14 August.
"""

from datetime import UTC, datetime
from uuid import UUID

from docket_events.notice import RegistrationNoticeSent
from docket_events.recorded import Actor
from docket_events.ticket import Channel, ContentRef, TicketCreated
from docket_policies.terms.loader import policy

REGULATIONS = policy("regulations", "R-2025-03-27")
INFRASTRUCTURE = policy("infrastructure", "I-2025-09-08", "VMmanager 6", "Standard")

ANN = Actor("customer", "ann")
OLGA = Actor("agent", "olga")
PETRA = Actor("product_team", "petra")
TICKET = UUID("01978a6e-6c00-7000-8def-0123456789ab")
NOTICE = UUID("95c7c1e7-362b-5396-925e-71672f9a5c89")


def june(day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """Name an instant of June 2026 in UTC."""
    return datetime(2026, 6, day, hour, minute, second, tzinfo=UTC)


MONDAY = june(8, 9)
TUESDAY = june(9, 9)
WEDNESDAY = june(10, 9)


def text(words: str) -> ContentRef:
    """Refer to a text in the content store, told apart by its first words."""
    return ContentRef(UUID(int=sum(words.encode())), "0" * 64)


def created(channel: Channel = "client_area") -> TicketCreated:
    """Let Ann of Acme create her ticket."""
    return TicketCreated(
        number="D-1042",
        account_id="acme",
        requester_id="ann",
        channel=channel,
        product="VMmanager 6",
        priority="Low",
        pack="regulations",
        revision="R-2025-03-27",
    )


CREATED = created()
UNDER_I = TicketCreated(
    number="D-2042",
    account_id="acme",
    requester_id="ann",
    channel="client_area",
    product="VMmanager 6",
    priority="High",
    pack="infrastructure",
    revision="I-2025-09-08",
    service_level="Standard",
)
REGISTERED = RegistrationNoticeSent(sent_at=MONDAY, notice_id=NOTICE)
