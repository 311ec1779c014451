"""What a string of an event may hold: no string of an event has room for what a person writes.

Each string field of each event stands here by what it holds; a new one fails until somebody has
said what it is. What a person writes is a `ContentRef` and no string at all.
"""

import re
from collections.abc import Iterator
from dataclasses import is_dataclass
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec
import pytest

from docket_events import vocabulary
from docket_events.codec import EVENT_TYPES, ONCE_INSIDE
from docket_events.written import ContentRef, InlineText

LISTED = "a word, clause or sentence of the terms, or of a list of ours"
ID = "an id: its alphabet has no room for words"
REFERENCE = "the name of an entry elsewhere, of the same alphabet"
VERSION = "a version of a product"
STATUS = "a status code of mail (RFC 3463, RFC 5321), or a word of ours for what kept a copy back"

STRINGS = {
    "AccessRestored": {"account_id": ID},
    "AccessRestricted": {"account_id": ID, "clause": LISTED},
    "AdoptedTeam": {"team": LISTED},
    "AdoptedWait": {"id": ID},
    "AgreedTarget": {"calendar": LISTED},
    "AttachmentErased": {"clause": REFERENCE, "why": LISTED},
    "BreachExcused": {"approver": ID, "clause": LISTED, "reason": LISTED},
    "BreachWithdrawn": {"clause": LISTED},
    "Classification": {"clause": LISTED},
    "ClosureDecided": {"clause": LISTED, "plan_reference": REFERENCE, "reason": LISTED},
    "ClosureNoticeSent": {"clause": LISTED},
    "CommentAdded": {"by": LISTED},
    "ContactRecorded": {"account_id": ID, "contact": ID, "grounds": LISTED},
    "ContactWithdrawn": {"account_id": ID, "contact": ID},
    "ContentErased": {"clause": REFERENCE, "why": LISTED},
    "DefectLinked": {"plan_reference": REFERENCE},
    "Delivery": {"code": STATUS},
    "DeskNoticeSent": {"clause": LISTED},
    "InformationDeadlinePassed": {"clause": LISTED, "request": ID},
    "InformationProvided": {"request": ID},
    "InformationRejected": {"request": ID},
    "InformationRequested": {"clause": LISTED, "request": ID},
    "LanguageRecorded": {"account_id": ID, "language": LISTED, "time_zone": LISTED},
    "LicenseRecorded": {
        "account_id": ID,
        "agreement": REFERENCE,
        "edition": LISTED,
        "license": ID,
        "plan": LISTED,
        "product": LISTED,
        "service_level": LISTED,
    },
    "MergedInto": {"into": ID, "number": ID},
    "NoticeBounced": {"code": STATUS},
    "NoticeSent": {"clause": LISTED},
    "OpenRequest": {"request": ID},
    "PeriodExtended": {"clause": LISTED},
    "PriorityChanged": {"criteria": LISTED},
    "RegistrationNoticeSent": {"clause": LISTED},
    "ResponseDueSoon": {"clause": LISTED},
    "ResponseOverdue": {"clause": LISTED},
    "SplitChildCreated": {"open_requests": ID, "parent": ID, "third_parties": ID},
    "Support": {"clause": LISTED, "why": LISTED},
    "ThirdPartyResponseReceived": {"id": ID},
    "ThirdPartyWaitStarted": {"id": ID},
    "TicketAssigned": {"to": ID},
    "TicketAutoClosed": {"clause": LISTED, "reason": LISTED},
    "TicketCorrected": {"edition": LISTED, "product_version": VERSION},
    "TicketCreated": {
        "account_id": ID,
        "edition": LISTED,
        "kind": LISTED,
        "number": ID,
        "pack": LISTED,
        "plan": LISTED,
        "product": LISTED,
        "product_version": VERSION,
        "requester_id": ID,
        "revision": LISTED,
        "service_level": LISTED,
        "split_from": ID,
    },
    "TicketImported": {"source": ID, "source_id": ID},
    "TicketRegisteredInClientArea": {"on_behalf_of": ID},
    "TicketRejected": {"clause": LISTED, "reason": LISTED},
    "TicketResumed": {"by": ID},
    "TicketRevoked": {"by": ID},
    "TicketSplit": {"numbers": ID, "parts": ID},
    "TicketSuspended": {"by": ID},
    "TicketTagged": {"tags": LISTED},
    "TicketsMerged": {"open_requests": ID, "sources": ID, "third_parties": ID},
    "UpdateReleased": {"plan_reference": REFERENCE, "version": VERSION},
    "UploadCompleted": {"request": ID},
}


def has_string(hint: Any) -> bool:
    if hint is InlineText or get_origin(hint) is Literal:
        return False
    return hint is str or any(map(has_string, get_args(hint)))


def kinds() -> dict[str, type[Any]]:
    """Return the types of event, and those of the values that stand in them."""
    found: dict[str, type[Any]] = {}
    left: list[Any] = [*EVENT_TYPES.values()]
    while left:
        kind = left.pop()
        left += get_args(kind)
        ours = isinstance(kind, type) and (is_dataclass(kind) or issubclass(kind, msgspec.Struct))
        if ours and kind is not ContentRef and kind.__name__ not in found:
            found[kind.__name__] = kind
            left += get_type_hints(kind).values()
    return found


def fields_with_strings() -> Iterator[tuple[str, str]]:
    for name, kind in kinds().items():
        for field, hint in get_type_hints(kind).items():
            if has_string(hint):
                yield name, field


def test_somebody_has_said_of_each_string_of_an_event_what_it_holds() -> None:
    said = {(name, field) for name, fields in STRINGS.items() for field in fields}
    assert {*fields_with_strings()} == said


@pytest.mark.parametrize(
    "words",
    [
        "Ann Example",
        "ann@acme.example",
        "+357 99 000000",
        "her clinic is down",
        "\x1b]0;PWNED\x07",
        "",
        "\u202egpj",
    ],
)
@pytest.mark.parametrize("form", ["ID", "REFERENCE", "VERSION", "CODE"])
def test_no_form_has_room_for_what_a_person_writes(form: str, words: str) -> None:
    assert re.fullmatch(getattr(vocabulary, form), words) is None


@pytest.mark.parametrize(
    ("form", "named"),
    [
        ("ID", "ann"),
        ("ID", "auth0|5f7c8ec7c33c6c004bbafe82"),
        ("ID", "0197f1d2-7c1e-7a3b-8f00-0123456789ab"),
        ("REFERENCE", "VM-4711"),
        ("REFERENCE", "GDPR-17(1)"),
        ("VERSION", "2026.05.1"),
        ("VERSION", "6.12-beta"),
        ("CODE", "vm_import"),
        ("CODE", "incident"),
    ],
)
def test_what_systems_name_fits_its_form(form: str, named: str) -> None:
    assert re.fullmatch(getattr(vocabulary, form), named)


def test_every_text_that_was_inside_is_a_reference_now() -> None:
    for name, fields in ONCE_INSIDE.items():
        hints = get_type_hints(EVENT_TYPES[name])
        assert all(ContentRef in get_args(hints[field]) for field in fields), name
