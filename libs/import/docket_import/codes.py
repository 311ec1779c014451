"""Names and codes of a helpdesk as ids and words of ours."""

from collections.abc import Mapping
from hashlib import sha256

from docket_events.ticket import Channel, Priority
from docket_import import helpdesk

CHANNELS: Mapping[helpdesk.Channel, Channel] = {
    "Phone": "phone",
    "IVR": "phone",
    "Email": "email",
    "Self service": "client_area",
    "Direct opening": "client_area",
}
PRIORITIES: Mapping[helpdesk.Priority, Priority] = {
    "1 - Critical": "Emergency",
    "2 - High": "High",
    "3 - Moderate": "Medium",
    "4 - Low": "Low",
}


def code(text: str | None, *, of: str) -> str:
    """Return a code of the helpdesk as an id of ours: `Location 143` is `location-143`."""
    return "-".join(text.lower().split()) if text else f"{of}-unknown"


def person(text: str | None, source: str, *, of: str) -> str:
    """Return the id of a person: that of a mail address does not tell it, for ids stay for good."""
    if text is not None and "@" in text:
        return f"person-{sha256(f'{source}/{text.lower()}'.encode()).hexdigest()[:12]}"
    return code(text, of=of)


def account_of(opening: helpdesk.Happening) -> str:
    """Return the account of a case by the line that opens it."""
    assert isinstance(opening, helpdesk.TicketCreated), "a checked case begins with its opening"
    return code(opening.location, of="location")
