"""Texts inside events of before: read as they were written, erased by version, never let out."""

import msgspec
import pytest

from docket_audit.event_refs import reason_of
from docket_events.codec import ONCE_INSIDE, decode, encode, leaving, texts_inside, to_data
from docket_events.contents import erased_inside
from docket_events.erasure import ContentErased
from docket_events.recorded import Fact
from docket_events.ticket import PriorityChanged, TicketCorrected, TicketCreated
from docket_events.waits import ThirdPartyWaitStarted
from docket_events.written import InlineText
from docket_lifecycle.commands import Erase
from people import CREATED, OLGA, PIA, TUESDAY, june
from sentences import given

CALLED = "Ann Example (+357 99 000000) called"
STORED = msgspec.json.encode({"to": "High", "reason": CALLED})
URGENT = Fact(PriorityChanged("High", reason=InlineText(CALLED)), june(8, 12), OLGA)
WAITING = Fact(ThirdPartyWaitStarted("w3", InlineText("john@isp.example")), june(8, 13), OLGA)


def test_a_text_inside_is_read_and_stands_in_no_data() -> None:
    event = decode("PriorityChanged", 1, STORED)

    assert event == PriorityChanged("High", reason=InlineText(CALLED))
    assert texts_inside(event) == {"reason": CALLED}
    assert to_data(event) == {"to": "High"}
    assert reason_of(Fact(event, june(8))) is None


def test_no_text_is_written_inside() -> None:
    with pytest.raises(ValueError, match="refers to its texts"):
        encode(URGENT.event)


def test_what_leaves_the_log_has_no_text_inside() -> None:
    assert leaving("PriorityChanged", 1, STORED) == b'{"to":"High"}'
    assert leaving("TicketCorrected", 1, b'{"reason":"Ann moved"}') == b'{"reason":""}'
    assert isinstance(decode("TicketCorrected", 1, b'{"reason":""}'), TicketCorrected)
    assert leaving("PriorityChanged", 1, b"\xff00") == b"{}"
    now = b'{"reason":{"digest":"ab","id":"00000000-0000-0000-0000-000000000001"},"to":"High"}'
    assert leaving("PriorityChanged", 2, now) == now


@pytest.mark.parametrize("type_name", ONCE_INSIDE)
def test_what_leaves_is_still_an_event(type_name: str) -> None:
    body = b'{"reason":"x","party":"x","what":"x","why":"x","reference":"x","os":"x"}'
    assert b'"x"' not in leaving(
        type_name,
        1,
        msgspec.json.encode(
            {name: "x" for name in msgspec.json.decode(body) if name in ONCE_INSIDE[type_name]}
        ),
    )


def test_I_3_7_a_what_the_environment_told_the_rules_is_told_by_a_word() -> None:
    said = {"environment": "closed", "number": "D-1", "account_id": "acme", "requester_id": "ann"}
    said |= {"channel": "email", "product": "VMmanager 6", "priority": "Low"}
    said |= {"pack": "infrastructure", "revision": "I-2025-09-08"}
    closed = decode("TicketCreated", 1, msgspec.json.encode(said))
    other = decode("TicketCreated", 1, msgspec.json.encode(said | {"environment": "Ann's cellar"}))

    assert isinstance(closed, TicketCreated)
    assert isinstance(other, TicketCreated)
    assert (closed.environment_kind, other.environment_kind) == ("closed", None)


def test_C_40_what_others_said_of_a_persons_ticket_goes_with_the_person() -> None:
    erased = given(CREATED, URGENT, WAITING).when(
        Erase("person_asked", person="ann"), at=TUESDAY, by=PIA
    )
    after = erased.then(ContentErased((), "person_asked", "C-40", (2, 3)))

    assert erased_inside(after.history) == {2, 3}
    assert all(content.erased for content in after.ticket.texts_inside().values())
    after.when(Erase("person_asked", person="ann"), at=TUESDAY, by=PIA).then_already_so()


def test_C_40_it_goes_with_whoever_wrote_it_too() -> None:
    given(CREATED, URGENT).when(Erase("unlawful", person="olga"), at=TUESDAY, by=PIA).then(
        ContentErased((), "unlawful", "C-40", (2,))
    )
