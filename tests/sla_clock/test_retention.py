"""What was copied for a ticket goes once it is resolved, or once the update is out (I-3.9.1)."""

from chronicle import content, utc
from docket_events.desk import DefectLinked, UpdateReleased
from docket_events.erasure import AttachmentErased
from docket_events.ids import in_partition
from docket_events.notice import ClosureNoticeSent
from docket_events.ticket import ClosureDecided, UserCommented
from docket_runtime.new_ids import new_id
from people import ANN, created

UNDER_I = created(
    pack="infrastructure",
    revision="I-2025-09-08",
    product="VMmanager 6",
    service_level="Standard",
)
CLOSED = (
    ("2026-06-10T11:59:00", ClosureDecided("resolved", "I-2.6-ongoing")),
    ("2026-06-10T12:00:00", ClosureNoticeSent(utc("2026-06-10T12:00:00"), new_id())),
)


async def closed_with_a_file(chronicle, *more, terms=UNDER_I, files: int = 1):
    ticket_id = in_partition(new_id(), 0)
    log, reference = content(ticket_id, "attachment", b'{"name":"node.log"}')
    sent = UserCommented(attachments=(reference,) * files)
    await chronicle.ticket(
        ("2026-06-10T09:00:00", terms),
        ("2026-06-10T09:30:00", sent),
        *more,
        *CLOSED,
        actor=ANN,
        contents=[log] * files,
        ticket_id=ticket_id,
    )
    return ticket_id, reference.id


async def test_I_3_9_1_b_files_are_erased_once_when_the_ticket_is_closed(chronicle, at) -> None:
    ticket, file = await closed_with_a_file(chronicle)
    await at("2026-06-10T11:59:59").settle()
    assert (await chronicle.types(ticket))[-1] == "ClosureNoticeSent"
    for _ in range(2):
        await at("2026-06-10T12:00:00").settle()
    *_, before, last = await chronicle.history(ticket)
    assert before.type == "ClosureNoticeSent"
    assert last.event == AttachmentErased((file,), "resolved", "I-3.9.1-b")
    assert (last.actor.kind, last.actor.id) == ("service", "sla-clock")
    assert await chronicle.rows("select from docket.contents where body is not null") == []
    assert await chronicle.rows("select from docket.timers") == []


async def test_I_3_9_1_c_files_for_a_planned_correction_stay_until_the_update_is_out(
    chronicle, at
) -> None:
    ticket, file = await closed_with_a_file(
        chronicle, ("2026-06-10T10:00:00", DefectLinked("VM-4711"))
    )
    await at("2026-08-31T23:59:59").settle()
    assert (await chronicle.types(ticket))[-1] == "ClosureNoticeSent"
    assert len(await chronicle.rows("select from docket.contents where body is not null")) == 1

    await chronicle.then(ticket, ("2026-09-01T00:00:00", UpdateReleased("VM-4711")))
    await at("2026-09-01T00:00:00").settle()
    last = (await chronicle.history(ticket))[-1]
    assert last.event == AttachmentErased((file,), "resolved", "I-3.9.1-c")
    assert await chronicle.rows("select from docket.contents where body is not null") == []


async def test_a_ticket_without_files_has_nothing_to_erase(chronicle, at) -> None:
    ticket, _ = await closed_with_a_file(chronicle, files=0)
    await at("2026-06-11T12:00:00").settle()
    assert (await chronicle.types(ticket))[-1] == "ClosureNoticeSent"
    assert await chronicle.rows("select from docket.timers") == []


async def test_under_the_regulations_files_stay(chronicle, at) -> None:
    ticket, _ = await closed_with_a_file(chronicle, terms=created())
    await at("2026-09-11T12:00:00").settle()
    assert "AttachmentErased" not in await chronicle.types(ticket)
