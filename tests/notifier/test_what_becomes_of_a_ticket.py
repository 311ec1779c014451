"""C-71: the user hears of a merge, and what became of an objection; no clock moves for it."""

from datetime import timedelta

import pytest

from chronicle import ANNS_ADDRESS, content, utc
from docket_events.combining import MergedInto
from docket_events.desk import CommentAdded
from docket_events.ids import in_partition
from docket_events.notice import ClosureNoticeSent, NoticeSent
from docket_events.ticket import ClosureDecided, ObjectionAccepted, ObjectionRefused
from docket_runtime.new_ids import new_id
from notifier.causes import NEWS_LASTS
from people import ANN, NOTICE, created

CLOSED_AT = "2026-06-12T10:30:00"
CLOSED = (
    (CLOSED_AT, ClosureDecided("resolved", "R-6.9-e")),
    (CLOSED_AT, ClosureNoticeSent(utc(CLOSED_AT), NOTICE, utc("2026-06-18T00:00:00"))),
)
OBJECTED = (*CLOSED, ("2026-06-12T11:00:00", ObjectionAccepted()))
NOW = "2026-06-12T12:00:05"
LATER = f"{utc(NOW) + NEWS_LASTS + timedelta(hours=3):%Y-%m-%dT%H:%M:%S}"


@pytest.fixture
def anns_ticket(chronicle):
    async def opened(*told, contents=()):
        ticket_id = in_partition(new_id(), 0)
        contact, ref = content(ticket_id, "contact", ANNS_ADDRESS)
        return await chronicle.ticket(
            ("2026-06-12T10:00:00", created(contact=ref, channel="email")),
            *told,
            actor=ANN,
            contents=[contact, *contents],
            ticket_id=ticket_id,
        )

    return opened


MERGED = (("2026-06-12T11:00:00", MergedInto("01978a6e-6c00-7000-8000-00000000a000", "D-2001")),)
SAID = (("2026-06-12T11:00:00", CommentAdded("agent")),)
REFUSED = (*OBJECTED, ("2026-06-12T11:30:00", ObjectionRefused()))


@pytest.mark.parametrize(
    ("told", "kind", "subject", "says"),
    [
        (MERGED, "merged", "goes on in another one", ["(R-6.3-a)", "#D-2001"]),
        (SAID, "comment", "There is a message for you", ["you need do nothing"]),
        (OBJECTED, "objection_accepted", "objection is accepted", ["(R-6.10-d)", "open again"]),
        (
            REFUSED,
            "objection_refused",
            "objection is refused",
            ["until the end of Wednesday, 17 June"],
        ),
    ],
)
async def test_C_71_the_user_is_told_once_what_became_of_the_ticket(
    chronicle, anns_ticket, desk_at, postbox, told, kind, subject, says
) -> None:
    ticket = await anns_ticket(*told)

    for _ in range(2):
        await desk_at(NOW).attend([ticket])

    history = await chronicle.history(ticket)
    assert [each.event.kind for each in history if isinstance(each.event, NoticeSent)] == [kind]
    (mail,) = postbox.mails
    assert mail["To"] == "Ann <ann@acme.example>"
    assert subject in postbox.kinds[0]
    letter = " ".join(mail.get_body(("plain",)).get_content().split())
    assert [each for each in says if each not in letter] == []


@pytest.mark.parametrize("told", [MERGED, OBJECTED, REFUSED])
async def test_C_71_nobody_is_told_long_after_or_without_an_address(
    chronicle, anns_ticket, desk_at, postbox, told
) -> None:
    ticket = await anns_ticket(*told)

    await desk_at(LATER).attend([ticket])

    assert postbox.mails == []
