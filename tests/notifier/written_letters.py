"""Letters as tests have them written: about a ticket, in a language and a zone."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import docket_policies
from docket_events.account import LanguageRecorded
from docket_events.notice import NoticeKind
from docket_events.recorded import Event, Fact
from docket_events.ticket import (
    ClosureDecided,
    ContentRef,
)
from docket_lifecycle.state.account import Account
from docket_lifecycle.state.fold import fold
from docket_policies.terms.loader import policy_of
from notifier.letter_names import NAMES
from notifier.letter_templates import our_templates
from notifier.letter_text import Writer
from notifier.owed_notice import OwedNotice
from people import created
from records import TICKET, recorded

PACKS = Path(docket_policies.__file__).parent / "packs"
AT = datetime(2026, 6, 12, 10, tzinfo=UTC)
MIDNIGHT = datetime(2026, 6, 18, tzinfo=UTC)
LANGUAGES = ("en", "ru")
OURS = our_templates()
AREA, CONSOLE = "https://client.example/area/", "https://docket.example/console"
WRITER = Writer(OURS, client_area=AREA, console=CONSOLE)
SUBJECT, NOTE, ITEMS = (ContentRef(UUID(int=n), "") for n in (21, 22, 23))
TEXTS = {SUBJECT.id: b"Nodes <b>down</b>", NOTE.id: b"It ends too early.", ITEMS.id: b"The log."}
TOPIC = "[#D-1042] Nodes <b>down</b>"
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
INSTANTS = ("since", "until", "deadline", "due_at")
VALUES: dict[str, Any] = {
    **dict.fromkeys(NAMES, "x"),
    **dict.fromkeys(INSTANTS, MIDNIGHT),
    "clause": "R-6.10-a",
    "number": "D-1042",
}


def about(kind: NoticeKind, *events: Event) -> tuple[OwedNotice, Any]:
    """Return a notice about the last of these events, and the ticket."""
    history = recorded(*(Fact(event, AT) for event in events))
    ticket = fold(TICKET, history)
    assert ticket is not None
    return OwedNotice(kind, history[-1]), ticket


def written(
    kind: NoticeKind,
    *events: Event,
    language: str = "en",
    zone: str | None = None,
    writer: Writer = WRITER,
) -> Any:
    notice, ticket = about(kind, *events)
    spoken = LanguageRecorded("acme", language, zone)
    account = Account(UUID(int=5), "acme", language=spoken)
    return writer.write(notice, ticket, policy_of(ticket), TEXTS, AT, name="Ann", account=account)


OPENED = created(subject=SUBJECT)
CLOSED = ClosureDecided("resolved", "R-6.10-a", content=NOTE)
