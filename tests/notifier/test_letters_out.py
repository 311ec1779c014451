"""Letters that go out: in the language of their account, within limits, with their text kept."""

import pytest

from chronicle import ANNS_ADDRESS, content, utc
from docket_events.account import LanguageRecorded
from docket_events.clock import ResponseOverdue
from docket_events.erasure import ContentErased
from docket_events.ids import in_partition
from docket_events.notice import Delivery, DeskNoticeSent, NoticeBounced, SentNotice
from docket_runtime.new_ids import new_id
from docket_runtime.store.append import append_on
from notifier.letter_text import Writer
from notifier.mail_limits import MailLimits
from people import ANN, created

NOW = "2026-06-12T10:00:05"
WHO = "ann@acme.example"


async def notices(chronicle, ticket) -> list[SentNotice]:
    history = await chronicle.history(ticket)
    return [each.event for each in history if isinstance(each.event, SentNotice)]


async def test_C_51_the_text_of_the_letter_is_kept_beside_the_log(
    chronicle, anns, desk_at, postbox
) -> None:
    await desk_at(NOW).attend([anns])

    (told,) = await notices(chronicle, anns)
    (row,) = await chronicle.rows(
        "select kind, ticket_id, body from docket.contents where content_id = $1", told.content.id
    )
    (mail,) = postbox.mails
    assert (row["kind"], row["ticket_id"]) == ("notice", anns)
    kept = row["body"].decode().split()
    assert kept == mail.get_body(("plain",)).get_content().split()
    quoted = await chronicle.rows(
        "select kind from docket.contents where content_id = any($1) order by kind", told.quotes
    )
    assert [each["kind"] for each in quoted] == ["contact", "subject"]
    (event,) = await chronicle.rows("select body from docket.events where type like '%NoticeSent'")
    assert "No network" not in str(event["body"])


async def test_C_40_a_letter_that_was_overtaken_by_an_erasure_keeps_nothing_of_it(
    chronicle, anns, desk_at, postbox, monkeypatch
) -> None:
    subject = (await chronicle.history(anns))[0].event.subject
    gone = ContentErased((subject.id,), "person_asked")
    overtaken = False

    async def append_late(connection, appends):
        nonlocal overtaken
        if not overtaken:
            overtaken = True
            await chronicle.then(anns, (NOW, gone))
        return await append_on(connection, appends)

    monkeypatch.setattr("notifier.loaded_ticket.append_on", append_late)
    await desk_at(NOW).attend([anns])

    (told,) = await notices(chronicle, anns)
    (row,) = await chronicle.rows(
        "select body from docket.contents where content_id = $1", told.content.id
    )
    assert "No network" not in row["body"].decode()
    assert subject.id not in told.quotes


async def test_N_15_an_account_is_written_to_in_its_language(
    chronicle, anns, desk_at, postbox
) -> None:
    spoken = LanguageRecorded("acme", "ru", "Europe/Moscow")
    await chronicle.account("acme", ("2026-06-12T09:00:00", spoken))
    await desk_at(NOW).attend([anns])

    (mail,) = postbox.mails
    assert mail["Content-Language"] == "ru"
    assert "Здравствуйте, Ann!" in mail.get_body(("plain",)).get_content()
    assert '<html lang="ru">' in mail.get_body(("html",)).get_content()


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (MailLimits(1, 9, 9, 9), "limit_recipient"),
        (MailLimits(9, 1, 9, 9), "limit_account"),
        (MailLimits(9, 9, 1, 9), "limit_principal"),
    ],
    ids=["recipient", "account", "principal"],
)
async def test_N_12_past_a_limit_a_notice_is_posted_only_and_counts_all_the_same(
    chronicle, desk_at, postbox, limits, code
) -> None:
    tickets = []
    for number in ("1", "2"):
        ticket_id = in_partition(new_id(), 0)
        contact, ref = content(ticket_id, "contact", ANNS_ADDRESS)
        opened = created(contact=ref, number=number)
        tickets.append(
            await chronicle.ticket(
                ("2026-06-12T10:00:00", opened), actor=ANN, contents=[contact], ticket_id=ticket_id
            )
        )
    for ticket in tickets:
        await desk_at(NOW).attend([ticket])

    sent = [(await notices(chronicle, ticket))[0].delivery for ticket in tickets]
    assert sent == [Delivery("accepted"), Delivery("withheld", code)]
    assert len(postbox.mails) == 1
    rows = await chronicle.rows("select registered_at from docket.tickets")
    assert all(row["registered_at"] is not None for row in rows)


@pytest.mark.parametrize("limits", [MailLimits(9, 9, 9, 1)])
async def test_N_12_the_desk_has_a_limit_of_its_own(chronicle, desk_at, postbox, limits) -> None:
    ticket = await chronicle.ticket(
        ("2026-06-12T10:00:00", created(channel="email")),
        ("2026-06-12T10:00:00", ResponseOverdue(1, utc("2026-06-12T09:00:00"), "R-6.7")),
        ("2026-06-12T10:00:01", ResponseOverdue(2, utc("2026-06-12T09:30:00"), "R-6.7")),
    )
    await desk_at(NOW).attend([ticket])
    sent = [each.delivery.state for each in await notices(chronicle, ticket)]
    assert sent == ["accepted", "withheld"]


async def test_C_51_the_desk_hears_once_of_a_mail_that_came_back(
    chronicle, anns, desk_at, postbox
) -> None:
    await desk_at(NOW).attend([anns])
    (told,) = await notices(chronicle, anns)
    await chronicle.then(anns, ("2026-06-12T10:05:00", NoticeBounced(told.notice_id, "5.1.1")))
    for _ in range(2):
        await desk_at("2026-06-12T10:05:01").attend([anns])

    _, alert = await notices(chronicle, anns)
    assert isinstance(alert, DeskNoticeSent)
    assert (alert.kind, alert.clause) == ("undelivered_alert", "C-51")
    letter = postbox.mails[-1].get_body(("plain",)).get_content()
    assert "Your ticket is registered" in letter
    assert "5.1.1" in letter
    assert WHO not in letter


async def test_N_3_a_letter_that_cannot_be_written_goes_out_plainer(
    anns, desk_at, postbox, chronicle, monkeypatch
) -> None:
    whole = Writer.write

    def write(self, notice, ticket, policy, texts, at, **about):
        if texts:
            raise UnicodeError("a text that no letter can hold")
        return whole(self, notice, ticket, policy, texts, at, **about)

    monkeypatch.setattr(Writer, "write", write)
    attended = await desk_at(NOW).attend([anns])

    assert attended.done == {anns}
    (told,) = await notices(chronicle, anns)
    assert (told.delivery, told.quotes) == (Delivery("accepted"), ())
    (mail,) = postbox.mails
    assert "With this notice the time for our answer begins" in str(mail.get_body(("plain",)))


async def test_N_3_where_no_template_can_be_filled_the_letter_says_what_it_is_about(
    anns, desk_at, postbox, chronicle, monkeypatch
) -> None:
    def write(self, *given, **about):
        raise UnicodeError("no letter")

    monkeypatch.setattr(Writer, "write", write)
    await desk_at(NOW).attend([anns])

    (mail,) = postbox.mails
    letter = mail.get_body(("plain",)).get_content()
    assert letter.split("\r\n") == ["Your ticket is registered", "", "[#D-1042]", ""]
    assert (await chronicle.types(anns))[-1] == "RegistrationNoticeSent"
