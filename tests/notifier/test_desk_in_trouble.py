"""The desk in trouble: servers that are gone, tickets at fault, two desks at once."""

import asyncio
from datetime import timedelta

import pytest
import structlog.testing

from chronicle import Chronicle
from docket_events.ids import in_partition
from docket_runtime.clock import Clock
from docket_runtime.database import Database
from docket_runtime.mail.server import Mailer
from docket_runtime.new_ids import new_id
from docket_runtime.unavailable import Unavailable
from notifier.courier import Courier
from notifier.dispatcher import Dispatcher
from notifier.letter_templates import our_templates
from notifier.letter_text import Writer
from notifier.letters import Letters
from people import created

LETTERS = Letters("support@docket.localhost", "docket.localhost", "agents@docket.localhost")


async def test_a_mail_server_that_is_gone_keeps_everything_owed(
    chronicle, anns, desk_at, postbox
) -> None:
    postbox.close()
    desk = desk_at("2026-06-12T10:00:05")
    with pytest.raises(Unavailable):
        await desk.attend([anns])
    assert await chronicle.types(anns) == ["TicketCreated"]
    postbox.open()
    assert (await desk.attend([anns])).done == {anns}
    assert len(postbox.mails) == 1


async def test_C_01_agents_learn_once_of_a_user_who_waits_for_the_registration_notice(
    chronicle, anns, desk_at, postbox
) -> None:
    postbox.answers["ann@acme.example"] = "451 come back later"
    await desk_at("2026-06-12T10:29:59").attend([anns])
    assert postbox.mails == []
    for now in ("2026-06-12T10:30:00", "2026-06-12T10:31:00"):
        await desk_at(now).attend([anns])
    (mail,) = postbox.mails
    assert mail["To"] == "agents@docket.localhost"
    assert mail["Subject"] == "[#D-1042] No network Bcc: all@x"
    assert postbox.kinds == ["No registration notice was sent"]
    assert await chronicle.types(anns) == ["TicketCreated", "DeskNoticeSent"]


async def test_one_ticket_at_fault_holds_up_no_other(chronicle, database, anns, desk_at) -> None:
    broken = await chronicle.ticket(("2026-06-12T10:00:00", created(number="2")))
    await chronicle.rows("alter table docket.events disable trigger user")
    await chronicle.rows("update docket.events set type = 'Unheard' where ticket_id = $1", broken)
    nobody = in_partition(new_id(), 0)
    attended = await desk_at("2026-06-12T10:00:05").attend([broken, anns, nobody])
    assert attended.done == {anns}
    assert {str(type(fault).__name__) for fault in attended.faults.values()} == {
        "UnknownEventType",
        "UnknownTicket",
    }


async def test_two_desks_never_attend_to_one_ticket_at_once(
    chronicle, anns, desk_at, postbox
) -> None:
    first, second = desk_at("2026-06-12T10:00:05"), desk_at("2026-06-12T10:00:05")
    answers = await asyncio.gather(*(desk.attend([anns]) for desk in (first, second)))
    assert any(answer.done for answer in answers)
    assert len(postbox.mails) == 1


async def test_a_log_line_names_no_person(chronicle, anns, desk_at, postbox) -> None:
    postbox.answers["ann@acme.example"] = "550 no such user as ann@acme.example"
    with structlog.testing.capture_logs() as lines:
        await desk_at("2026-06-12T10:00:05").attend([anns])
    said = str(lines)
    assert "registration" in said
    for personal in ("ann@acme.example", "Ann", "No network"):
        assert personal not in said


async def test_a_database_that_crashed_is_waited_for_and_nobody_is_told_twice(
    own_database, postbox, limits
) -> None:
    chronicle = Chronicle(own_database.url(), "2026-06-12T10:00:00")
    ticket = await chronicle.ticket(("2026-06-12T10:00:00", created()))
    reached = Database(own_database.url("docket_notifier"), "notifier", may_lose=True)
    courier = Courier(Mailer(postbox.url), LETTERS, Writer(our_templates()), limits)
    desk = Dispatcher(reached, Clock(), courier, timedelta(minutes=30))
    await desk.attend([ticket])
    await asyncio.to_thread(own_database.crash)
    with pytest.raises(Unavailable):
        await desk.attend([ticket])
    await asyncio.to_thread(own_database.start)
    await desk.attend([ticket])
    await desk.close()
    types = await chronicle.types(ticket)
    assert types.count("RegistrationNoticeSent") == 1
