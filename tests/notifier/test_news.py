"""What a user is told on the way: each thing once, in the thread of the ticket, with its clause."""

from datetime import timedelta

import pytest

from chronicle import ANNS_ADDRESS, content, utc
from docket_events.access import RemoteAccessConsentGiven, RemoteAccessConsentWithdrawn
from docket_events.clock import TicketAutoClosed
from docket_events.desk import TicketRejected
from docket_events.ids import in_partition, notice_id
from docket_events.notice import NoticeSent
from docket_events.teams import ForwardedToRelevantTeam, TeamUpdateReceived
from docket_events.ticket import ClosureDecided, PriorityChanged, ResponseSent, UserReplied
from docket_runtime.new_ids import new_id
from notifier.causes import NEWS_LASTS
from notifier.decide import owed
from notifier.letter_templates import our_templates
from notifier.letter_text import Writer
from notifier.letter_words import refs_of
from notifier.loaded_ticket import open_case
from people import ANN, IMPORT, created

NOW = "2026-06-12T11:00:05"
PACK_I = {"pack": "infrastructure", "revision": "I-2025-09-08", "service_level": "Standard"}


@pytest.fixture
def ticket_of_ann(chronicle):
    """Give a ticket of Ann's, registered, with her address, on which things happen at eleven."""

    async def opened(*events, contents=(), ticket_id=None, actor=ANN, **changes):
        ticket_id = ticket_id or in_partition(new_id(), 0)
        contact, ref = content(ticket_id, "contact", ANNS_ADDRESS)
        return await chronicle.ticket(
            ("2026-06-12T10:00:00", created(**{"contact": ref, "channel": "email", **changes})),
            *[("2026-06-12T11:00:00", event) for event in events],
            actor=actor,
            contents=[contact, *contents],
            ticket_id=ticket_id,
        )

    return opened


def text_of(mail) -> str:
    return mail.get_body(("plain",)).get_content()


async def kinds(chronicle, ticket) -> list[str]:
    history = await chronicle.history(ticket)
    return [each.event.kind for each in history if isinstance(each.event, NoticeSent)]


@pytest.mark.parametrize(
    ("event", "terms", "kind", "subject", "says"),
    [
        (ResponseSent(), {}, "response", "There is an answer", "Please say"),
        (ResponseSent(), PACK_I, "response", "There is an answer", "(I-3.6)"),
        (
            ResponseSent(proposes_solution=True),
            {},
            "response",
            "There is an answer",
            "proposes a solution",
        ),
        (PriorityChanged("High", "Low"), {}, "priority", "The priority has changed", "(R-6.5)"),
        (
            PriorityChanged("High", "Low"),
            PACK_I,
            "priority",
            "The priority has changed",
            "High now; it was Low (I-2.6-intro)",
        ),
        (ForwardedToRelevantTeam(), PACK_I, "forwarded", "A team has your ticket", "(I-3.4)"),
        (TeamUpdateReceived(), PACK_I, "team_update", "News from the team", "(I-3.4)"),
        (
            TicketRejected("out_of_scope", "I-3.2-e"),
            PACK_I,
            "rejection",
            "Your ticket is rejected",
            "(I-3.2-e)",
        ),
        (
            TicketAutoClosed("auto_no_reply", "I-3.6"),
            PACK_I,
            "automatic_closing",
            "Your ticket was closed for silence",
            "(I-3.6)",
        ),
    ],
)
async def test_the_user_is_told_once_with_the_clause(
    chronicle, ticket_of_ann, desk_at, postbox, event, terms, kind, subject, says
) -> None:
    ticket = await ticket_of_ann(event, **terms)
    for _ in range(2):
        attended = await desk_at(NOW).attend([ticket])
        assert attended.done == {ticket}
    history = await chronicle.history(ticket)
    assert await kinds(chronicle, ticket) == [kind]
    assert history[-1].causation_id == history[1].event_id
    (mail,) = postbox.mails
    assert mail["To"] == "Ann <ann@acme.example>"
    assert mail["Subject"] == "[#D-1042] VMmanager 6"
    assert postbox.kinds == [subject]
    assert mail["Message-ID"] == f"<{notice_id(history[1].event_id, kind)}@docket.localhost>"
    assert says in " ".join(text_of(mail).split())


async def test_an_answer_is_not_mailed_but_linked(chronicle, ticket_of_ann) -> None:
    ticket_id = in_partition(new_id(), 0)
    answer, ref = content(ticket_id, "response", b"The password is 12345.")
    await ticket_of_ann(ResponseSent(ref), contents=[answer], ticket_id=ticket_id)
    case = open_case(ticket_id, await chronicle.history(ticket_id))
    (notice,) = owed(case.ticket, case.history, utc(NOW), timedelta(minutes=30))
    assert ref not in refs_of(notice, case.ticket)
    texts = {case.ticket.contact.id: ANNS_ADDRESS, ref.id: answer.body}
    writer = Writer(our_templates(), client_area="https://client.example/area/")
    letter = writer.write(notice, case.ticket, case.policy, texts, utc(NOW))
    assert "12345" not in letter.text + letter.page
    link = f"https://client.example/area/tickets/{ticket_id}"
    assert link in letter.text.split()
    assert f'<a href="{link}">{link}</a>' in letter.page


@pytest.mark.parametrize("event", [TeamUpdateReceived, TicketRejected])
async def test_I_3_4_what_was_written_for_the_letter_is_quoted(
    ticket_of_ann, desk_at, postbox, event
) -> None:
    ticket_id = in_partition(new_id(), 0)
    note, ref = content(ticket_id, "note", b"It comes with the next <release>.")
    earlier, earlier_ref = content(ticket_id, "reference", b"DKT-7")
    told, contents = (
        (TeamUpdateReceived(content=ref), [note])
        if event is TeamUpdateReceived
        else (TicketRejected("answered_earlier", "I-3.2-g", earlier_ref, ref), [note, earlier])
    )
    await ticket_of_ann(told, contents=contents, ticket_id=ticket_id, **PACK_I)
    await desk_at(NOW).attend([ticket_id])
    (mail,) = postbox.mails
    assert "It comes with the next <release>." in text_of(mail)
    assert "&lt;release&gt;" in mail.get_body(("html",)).get_content()
    assert ("DKT-7" in text_of(mail)) is (event is TicketRejected)


async def test_of_several_answers_and_priorities_the_last_is_told(
    chronicle, ticket_of_ann, desk_at, postbox
) -> None:
    ticket = await ticket_of_ann(
        ResponseSent(),
        PriorityChanged("High", "Low"),
        ResponseSent(),
        PriorityChanged("Medium", "High"),
    )
    await desk_at(NOW).attend([ticket])
    assert await kinds(chronicle, ticket) == ["response", "priority"]
    assert "has the priority Medium now; it was High" in text_of(postbox.mails[1])


@pytest.mark.parametrize(
    "events",
    [
        (ResponseSent(), UserReplied()),
        (PriorityChanged("High"), TicketRejected("out_of_scope", "R-6.9-d")),
        (PriorityChanged("Low", "Low", criteria=("R-5.2-LO-G1",)),),
    ],
)
async def test_what_was_overtaken_or_is_no_change_is_not_told(
    chronicle, ticket_of_ann, desk_at, events
) -> None:
    ticket = await ticket_of_ann(*events)
    await desk_at(NOW).attend([ticket])
    assert not {"response", "priority"} & {*await kinds(chronicle, ticket)}


async def test_old_news_and_news_for_nobody_are_not_told(
    chronicle, ticket_of_ann, desk_at, postbox
) -> None:
    assert NEWS_LASTS.days == 3
    events = ResponseSent(), PriorityChanged("High", "Low")
    old, nobodys = (
        await ticket_of_ann(*events),
        await ticket_of_ann(*events, contact=None, number="2"),
    )
    await desk_at("2026-06-15T11:00:01").attend([old])
    await desk_at(NOW).attend([nobodys])
    assert postbox.mails == []
    assert await kinds(chronicle, old) == await kinds(chronicle, nobodys) == []


async def test_C_51_an_ending_is_told_in_the_thread_also_without_an_address(
    chronicle, ticket_of_ann, desk_at, postbox
) -> None:
    ticket = await ticket_of_ann(TicketAutoClosed("auto_no_reply", "I-3.6"), contact=None, **PACK_I)
    await desk_at("2026-06-20T00:00:00").attend([ticket])
    assert await kinds(chronicle, ticket) == ["automatic_closing"]
    assert postbox.mails == []


async def test_an_imported_past_is_no_news(chronicle, ticket_of_ann, desk_at, postbox) -> None:
    ticket = await ticket_of_ann(ResponseSent(), PriorityChanged("High"), actor=IMPORT)
    await desk_at(NOW).attend([ticket])
    assert postbox.mails == []


CONSENT = RemoteAccessConsentGiven("written", "documented")
ENDS = (
    ClosureDecided("resolved", "I-2.6-ongoing"),
    TicketRejected("out_of_scope", "I-3.2-e"),
    TicketAutoClosed("auto_no_reply", "I-3.6"),
)


@pytest.mark.parametrize("end", ENDS, ids=lambda end: type(end).__name__)
async def test_I_6_1_5_who_let_the_provider_in_is_reminded_to_close_the_door(
    ticket_of_ann, desk_at, postbox, end
) -> None:
    reminders = []
    withdrawn = (CONSENT, RemoteAccessConsentWithdrawn())
    for number, before in (("1", (CONSENT,)), ("2", withdrawn), ("3", ())):
        ticket = await ticket_of_ann(*before, end, number=number, **PACK_I)
        await desk_at(NOW).attend([ticket])
        *_, mail = postbox.mails
        said = " ".join(text_of(mail).split())
        reminders.append("(I-6.1.5-a)" in said and "(I-6.1.5-b)" in said)

    assert reminders == [True, False, False]


async def test_R_6_2_b_the_regulations_ask_for_no_such_reminder(
    ticket_of_ann, desk_at, postbox
) -> None:
    ticket = await ticket_of_ann(CONSENT, ClosureDecided("resolved", "R-6.10-a"))
    await desk_at(NOW).attend([ticket])
    assert "I-6.1.5" not in text_of(postbox.mails[-1])
