"""The desk: what is owed is sent once, recorded with the moment of sending, and told by clause."""

from chronicle import Chronicle, utc
from docket_events.clock import ResponseOverdue
from docket_events.ids import notice_id
from docket_events.notice import ClosureNoticeSent, Delivery, NoticeSent, RegistrationNoticeSent
from docket_events.ticket import (
    ClosureDecided,
    InformationProvided,
    InformationRequested,
    ObjectionAccepted,
    TicketImported,
    TicketRegisteredInClientArea,
)
from docket_runtime.new_ids import new_id
from notifier.letters import Letters
from people import ANN, IMPORT, created

LETTERS = Letters("support@docket.localhost", "docket.localhost", "agents@docket.localhost")
CLOSED = ClosureDecided(reason="resolved", clause="R-6.10-a")


async def test_R_1_14_a_client_area_ticket_is_registered_by_a_mail(
    chronicle, anns, desk_at, postbox
) -> None:
    attended = await desk_at("2026-06-12T10:00:05").attend([anns])
    assert attended.done == {anns}
    created_event, told = await chronicle.history(anns)
    expected = notice_id(created_event.event_id, "registration")
    assert isinstance(told.event, RegistrationNoticeSent)
    assert (told.event.sent_at, told.event.notice_id) == (utc("2026-06-12T10:00:05"), expected)
    assert (told.event.delivery, told.event.clause) == (Delivery("accepted"), "R-1.14")
    assert told.occurred_at == utc("2026-06-12T10:00:05")
    assert (told.actor.kind, told.actor.id) == ("service", "notifier")
    assert told.causation_id == created_event.event_id

    (mail,) = postbox.mails
    assert mail["To"] == "Ann <ann@acme.example>"
    assert mail["Subject"] == "[#D-1042] No network Bcc: all@x"
    assert postbox.kinds == ["Your ticket is registered"]
    assert mail["Bcc"] is None
    assert mail["Message-ID"] == f"<{expected}@docket.localhost>"
    assert mail["In-Reply-To"] is mail["References"] is None
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Reply-To"] == "support@docket.localhost"
    assert "(R-1.14)" in mail.get_body(("plain",)).get_content()
    assert "(R-1.14)" in mail.get_body(("html",)).get_content()


async def test_looking_again_tells_nobody_twice(chronicle, anns, desk_at, postbox) -> None:
    desk = desk_at("2026-06-12T10:00:05")
    for _ in range(3):
        await desk.attend([anns])
    assert len(postbox.mails) == 1
    assert await chronicle.types(anns) == ["TicketCreated", "RegistrationNoticeSent"]


async def test_C_18_a_ticket_of_another_channel_is_owed_nothing_until_it_is_registered(
    chronicle, desk_at, postbox
) -> None:
    ticket = await chronicle.ticket(("2026-06-12T10:00:00", created(channel="email")))
    desk = desk_at("2026-06-12T10:00:05")
    await desk.attend([ticket])
    assert await chronicle.types(ticket) == ["TicketCreated"]
    await chronicle.then(ticket, ("2026-06-12T10:01:00", TicketRegisteredInClientArea("ann")))
    await desk.attend([ticket])
    assert (await chronicle.types(ticket))[-1] == "RegistrationNoticeSent"


async def test_C_51_without_an_address_the_notice_counts_as_posted_to_the_thread(
    chronicle, desk_at, postbox
) -> None:
    ticket = await chronicle.ticket(("2026-06-12T10:00:00", created()))
    await desk_at("2026-06-12T10:00:05").attend([ticket])
    assert await chronicle.types(ticket) == ["TicketCreated", "RegistrationNoticeSent"]
    assert postbox.mails == []


async def test_C_51_a_refused_address_changes_nothing(chronicle, anns, desk_at, postbox) -> None:
    postbox.answers["ann@acme.example"] = "550 no such user"
    attended = await desk_at("2026-06-12T10:00:05").attend([anns])
    assert attended.done == {anns}
    _, told, alert = await chronicle.history(anns)
    assert (told.type, told.event.delivery.state) == ("RegistrationNoticeSent", "refused")
    assert (alert.event.kind, alert.causation_id) == ("undelivered_alert", told.event_id)
    (mail,) = postbox.mails
    assert mail["To"] == "agents@docket.localhost"


async def test_a_busy_mailbox_is_tried_again_a_minute_later(
    chronicle, anns, desk_at, postbox
) -> None:
    postbox.answers["ann@acme.example"] = "451 come back later"
    await desk_at("2026-06-12T10:00:05").attend([anns])
    assert await chronicle.types(anns) == ["TicketCreated"]
    rows = await chronicle.rows("select name, fires_at from docket.timers order by fires_at")
    assert [tuple(row) for row in rows] == [
        ("NoticeOwed", utc("2026-06-12T10:01:05")),
        ("RegistrationNoticeMissing", utc("2026-06-12T10:30:00")),
    ]
    postbox.answers.clear()
    await desk_at("2026-06-12T10:01:05").attend([anns])
    assert await chronicle.types(anns) == ["TicketCreated", "RegistrationNoticeSent"]
    assert await chronicle.rows("select from docket.timers") == []


async def test_R_6_8_a_a_request_is_told_once_with_its_deadline(
    chronicle, anns, desk_at, postbox
) -> None:
    await chronicle.then(
        anns,
        (
            "2026-06-12T16:00:00",
            InformationRequested("q1", deadline=utc("2026-06-15T16:00:00"), clause="R-6.9-b"),
        ),
    )
    desk = desk_at("2026-06-12T16:00:05")
    await desk.attend([anns])
    await desk.attend([anns])
    assert postbox.kinds == ["Your ticket is registered", "We need something from you"]
    text = postbox.mails[1].get_body(("plain",)).get_content()
    assert "2026-06-15 16:00:00 UTC" in text
    assert "(R-6.9-b)" in text
    told = (await chronicle.history(anns))[-1]
    assert isinstance(told.event, NoticeSent)
    assert told.event.kind == "information_request"


async def test_an_answered_request_is_not_told_any_more(chronicle, desk_at) -> None:
    ticket = await chronicle.ticket(
        ("2026-06-12T10:00:00", created(channel="email")),
        ("2026-06-12T10:01:00", InformationRequested("q1")),
        ("2026-06-12T10:02:00", InformationProvided("q1")),
    )
    await desk_at("2026-06-12T10:03:00").attend([ticket])
    assert (await chronicle.types(ticket))[-1] == "InformationProvided"


async def test_agents_are_told_of_each_late_answer(chronicle, desk_at, postbox) -> None:
    ticket = await chronicle.ticket(
        ("2026-06-12T10:00:00", created(channel="email")),
        ("2026-06-12T10:31:00", ResponseOverdue(1, utc("2026-06-12T10:30:00"), "R-6.7")),
    )
    await desk_at("2026-06-12T10:31:01").attend([ticket])
    (mail,) = postbox.mails
    assert mail["To"] == "agents@docket.localhost"
    assert "2026-06-12 10:30:00 UTC (R-6.7), turn 1" in mail.get_body(("plain",)).get_content()
    assert (await chronicle.types(ticket))[-1] == "DeskNoticeSent"


async def test_R_6_10_c_the_sending_of_the_notice_is_the_closing_time(
    chronicle, anns, desk_at, postbox
) -> None:
    await desk_at("2026-06-12T10:00:04").attend([anns])
    await chronicle.then(anns, ("2026-06-12T18:00:00", CLOSED))
    await desk_at("2026-06-12T18:03:00").attend([anns])
    decided, told = (await chronicle.history(anns))[-2:]
    assert isinstance(told.event, ClosureNoticeSent)
    assert told.event.sent_at == utc("2026-06-12T18:03:00")
    assert told.event.notice_id == notice_id(decided.event_id, "closing")
    assert told.event.objections_until == utc("2026-06-18T00:00:00")
    (row,) = await chronicle.rows("select status, closed_at, objections_until from docket.tickets")
    assert tuple(row) == ("closed", utc("2026-06-12T18:03:00"), utc("2026-06-18T00:00:00"))
    text = postbox.mails[-1].get_body(("plain",)).get_content()
    assert (
        "until the end of Wednesday, 17 June 2026 (UTC; 2026-06-18 00:00:00 UTC) (R-6.10-b)" in text
    )
    rows = await chronicle.rows("select name, fires_at, clause from docket.timers")
    assert [tuple(row) for row in rows] == [
        ("ClosureBecameFinal", utc("2026-06-18T00:00:00"), "R-6.10-b")
    ]


async def test_R_6_10_b_the_closing_becomes_final_at_the_end_of_the_window_and_not_before(
    chronicle, desk_at
) -> None:
    ticket = await closed_ticket(chronicle)
    await desk_at("2026-06-17T23:59:59").attend([ticket])
    assert (await chronicle.types(ticket))[-1] == "ClosureNoticeSent"
    await desk_at("2026-06-18T00:00:00").attend([ticket])
    last = (await chronicle.history(ticket))[-1]
    assert (last.type, last.occurred_at) == ("ClosureBecameFinal", utc("2026-06-18T00:00:00"))
    assert await chronicle.rows("select from docket.timers") == []


async def test_C_22_an_objection_in_time_keeps_the_closing_from_becoming_final(
    chronicle, desk_at
) -> None:
    ticket = await closed_ticket(chronicle)
    await desk_at("2026-06-13T10:00:00").attend([ticket])
    await chronicle.then(ticket, ("2026-06-17T23:59:59", ObjectionAccepted()), actor=ANN)
    await desk_at("2026-06-18T00:00:00").attend([ticket])
    assert (await chronicle.types(ticket))[-1] == "ObjectionAccepted"
    assert await chronicle.rows("select from docket.timers") == []


async def test_C_21_an_answer_before_the_notice_cancels_it(chronicle, desk_at, postbox) -> None:
    ticket = await chronicle.ticket(
        ("2026-06-12T10:00:00", created(channel="email")),
        ("2026-06-12T10:01:00", InformationRequested("q1")),
        ("2026-06-15T10:02:00", CLOSED),
        ("2026-06-15T10:02:01", InformationProvided("q1")),
    )
    await desk_at("2026-06-15T10:02:02").attend([ticket])
    assert (await chronicle.types(ticket))[-1] == "InformationProvided"
    assert postbox.mails == []


async def test_an_imported_ticket_is_owed_nothing_of_its_past(chronicle, desk_at, postbox) -> None:
    ticket = await chronicle.ticket(
        ("2016-02-29T01:16:00", created()),
        ("2016-02-29T01:16:00", TicketImported("helpdesk", "INC0000045")),
        ("2016-02-29T08:00:00", CLOSED),
        actor=IMPORT,
    )
    attended = await desk_at("2026-06-12T10:00:00").attend([ticket])
    assert attended.done == {ticket}
    assert (await chronicle.types(ticket))[-1] == "ClosureDecided"
    assert await chronicle.rows("select from docket.timers") == []


async def closed_ticket(chronicle: Chronicle):
    sent_at = utc("2026-06-12T18:03:00")
    return await chronicle.ticket(
        ("2026-06-12T10:00:00", created(channel="email")),
        ("2026-06-12T18:00:00", CLOSED),
        (
            "2026-06-12T18:03:00",
            ClosureNoticeSent(sent_at, new_id(), sent_at.replace(day=18, hour=0, minute=0)),
        ),
    )
