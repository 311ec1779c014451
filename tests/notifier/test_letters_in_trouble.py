"""One letter in trouble costs itself at most: not the ticket's others, and no other ticket."""

from datetime import timedelta

import pytest
from structlog.testing import capture_logs

import notifier.letter_text
import notifier.letters
from chronicle import frozen
from docket_events.ticket import InformationRequested
from docket_runtime.clock import Clock, parse_warp
from docket_runtime.unavailable import Unavailable
from notifier.app import owed_notices
from notifier.dispatcher import GIVE_UP
from notifier.turns import TRIES

NOW = "2026-06-12T10:00:05"
TOLD = ["TicketCreated", "RegistrationNoticeSent"]

OLD_CONTACTS = {
    "a domain that is kept as it was typed": ("ann@bücher.example", "accepted"),
    "nothing but ASCII goes there": ("jörg@acme.example", "refused"),
    "a dot that is none": ("a@exa․mple.com", "refused"),
    "brackets": ("<a@example.com>", "refused"),
    "a comma": ("a,b@acme.example", "refused"),
    "dots of a carrier": ("name.@docomo.ne.jp", "accepted"),
    "no address": ("", "refused"),
}


@pytest.mark.parametrize("old", OLD_CONTACTS)
async def test_N_2_an_address_kept_from_before_stops_nobody(
    chronicle, ticket_to, anns, desk_at, postbox, old
) -> None:
    address, delivery = OLD_CONTACTS[old]
    ticket = await ticket_to(address)
    with capture_logs() as lines:
        attended = await desk_at(NOW).attend([ticket, anns])

    assert attended.done == {ticket, anns}
    assert not attended.faults
    alerted = ["DeskNoticeSent"] if delivery == "refused" else []
    assert await chronicle.types(ticket) == [*TOLD, *alerted]
    assert await chronicle.types(anns) == TOLD
    told = [line for line in lines if line["event"] == "notice" and line["kind"] == "registration"]
    said = {line["ticket"]: line["delivery"] for line in told}
    assert said == {str(ticket): delivery, str(anns): "accepted"}


@pytest.mark.parametrize(
    "topic",
    [
        "=?foo-8859?Q?x=E4?= und =?iso-8859-1?Q?=E4?=",
        "=?utf-8?q?x=0d=0aBcc:_evil@evil.example?=",
        "=?utf-8?B?SGFja2Vk?=",
        "Ο κόμβος δεν απαντά μετά την ενημέρωση 🔥",
    ],
)
async def test_N_3_any_topic_is_told_as_it_is(ticket_to, desk_at, postbox, topic) -> None:
    await desk_at(NOW).attend([await ticket_to("ann@acme.example", topic)])
    (mail,) = postbox.mails
    assert mail["Subject"] == f"[#D-1] {topic}"
    assert mail["Bcc"] is None
    assert topic in mail.get_body(("plain",)).get_content()
    assert postbox.sources[0].count(b"To:") == 2  # with Reply-To


async def test_N_9_all_letters_of_a_ticket_are_one_thread(
    chronicle, anns, desk_at, postbox
) -> None:
    await desk_at(NOW).attend([anns])
    await chronicle.then(anns, ("2026-06-12T10:01:00", InformationRequested("q1")))
    await desk_at("2026-06-12T10:01:05").attend([anns])
    first, second = postbox.mails
    assert first["Subject"] == second["Subject"] == "[#D-1042] No network Bcc: all@x"
    assert first["In-Reply-To"] is first["References"] is None
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert second["Message-ID"] != first["Message-ID"]
    assert postbox.kinds == ["Your ticket is registered", "We need something from you"]


async def test_N_11_a_long_topic_is_cut_in_the_subject_and_whole_in_the_letter(
    ticket_to, desk_at, postbox
) -> None:
    topic = "the nodes of the second rack answer to nobody since noon " * 4
    await desk_at(NOW).attend([await ticket_to("ann@acme.example", topic)])
    (mail,) = postbox.mails
    assert len(mail["Subject"]) <= 120
    assert mail["Subject"].endswith(" since…")
    assert topic.strip() in mail.get_body(("plain",)).get_content()


async def test_N_3_a_part_that_cannot_be_had_costs_that_part(
    chronicle, anns, desk_at, postbox, monkeypatch
) -> None:
    def broken(*_words: object) -> None:
        raise LookupError

    monkeypatch.setattr(notifier.letter_text, "words_of", broken)
    with capture_logs() as lines:
        await desk_at(NOW).attend([anns])
    assert await chronicle.types(anns) == TOLD
    (mail,) = postbox.mails
    assert mail["Subject"] == "[#D-1042] No network Bcc: all@x"
    assert postbox.kinds == ["Your ticket is registered"]
    assert {line["event"] for line in lines} == {"letter_made_plainer", "notice"}


async def test_N_3_agents_hear_of_a_missing_notice_whatever_keeps_it_back(
    chronicle, anns, desk_at, postbox, monkeypatch
) -> None:
    """Also where neither the texts nor the terms of the ticket can be had."""

    def broken(*_anything: object) -> None:
        raise LookupError

    monkeypatch.setattr("notifier.courier.read_texts", broken)
    monkeypatch.setattr(notifier.letter_text, "words_of", broken)
    attended = await desk_at("2026-06-12T10:30:00").attend([anns])
    assert attended.done == {anns}
    (mail,) = postbox.mails
    assert mail["To"] == "agents@docket.localhost"
    assert postbox.kinds == ["No registration notice was sent"]
    assert await chronicle.types(anns) == ["TicketCreated", "DeskNoticeSent"]


async def test_N_3_one_letter_at_fault_costs_no_other_letter_of_its_ticket(
    chronicle, anns, desk_at, postbox, monkeypatch
) -> None:
    await chronicle.then(anns, ("2026-06-12T10:00:01", InformationRequested("q1")))
    writes = notifier.letters.Letters.compose

    def compose(letters, notice, *arguments):
        if notice.kind == "registration":
            raise LookupError
        return writes(letters, notice, *arguments)

    monkeypatch.setattr(notifier.letters.Letters, "compose", compose)
    attended = await desk_at(NOW).attend([anns])
    assert attended.done == {anns}
    registered, asked, alert = [each.event for each in await chronicle.history(anns)][-3:]
    assert (registered.delivery.state, registered.delivery.code) == ("refused", "unwritable")
    assert (asked.kind, asked.delivery.state) == ("information_request", "accepted")
    assert alert.kind == "undelivered_alert"


async def test_a_ticket_that_alone_upsets_the_server_lets_all_others_go_first_and_steps_aside(
    chronicle, ticket_to, desk_at, postbox
) -> None:
    upsetting = await ticket_to("upset@acme.example", number="1")
    others = [await ticket_to(f"b{n}@acme.example", number=str(n)) for n in range(2, 5)]
    postbox.answers["upset@acme.example"] = "421 I leave"
    desk = desk_at(NOW)
    for _ in range(TRIES - 1):
        with pytest.raises(Unavailable):
            await desk.attend([upsetting, *others])
    for other in others:
        assert await chronicle.types(other) == TOLD

    attended = await desk.attend([upsetting, *others])
    assert attended.done == {upsetting, *others}
    assert await chronicle.types(upsetting) == ["TicketCreated"]
    (row,) = await chronicle.rows("select ticket_id from docket.timers where name = 'NoticeOwed'")
    assert row[0] == upsetting

    postbox.answers.clear()
    assert (await desk.attend([upsetting])).done == {upsetting}
    assert await chronicle.types(upsetting) == TOLD


async def test_a_server_that_serves_nobody_makes_nobody_step_aside(
    chronicle, ticket_to, desk_at, postbox
) -> None:
    tickets = [await ticket_to(f"b{n}@acme.example", number=str(n)) for n in range(2)]
    desk = desk_at(NOW)
    postbox.close()
    ready = owed_notices([desk], Clock(parse_warp(frozen("2026-06-12T10:00:11"))))
    assert await ready() is None
    for _ in range(3 * TRIES):
        with pytest.raises(Unavailable):
            await desk.attend(tickets)
    assert "owed for 0:00:11" in str(await ready())
    assert await chronicle.rows("select from docket.timers") == []
    postbox.open()
    assert (await desk.attend(tickets)).done == set(tickets)
    assert len(postbox.mails) == 2
    assert await ready() is None


async def test_a_letter_that_is_only_ever_deferred_counts_as_refused_in_the_end(
    chronicle, anns, desk_at, postbox
) -> None:
    """RFC 5321, 4.5.4.1; until then it is tried ever more seldom, once an hour at least."""
    postbox.answers["ann@acme.example"] = "451 later"
    await desk_at("2026-06-14T10:00:00").attend([anns])
    (row,) = await chronicle.rows("select fires_at from docket.timers where name = 'NoticeOwed'")
    assert row[0].isoformat() == "2026-06-14T11:00:00+00:00"
    assert await chronicle.types(anns) == ["TicketCreated", "DeskNoticeSent"]

    assert timedelta(days=5) == GIVE_UP
    await desk_at("2026-06-17T10:00:00").attend([anns])
    assert "RegistrationNoticeSent" in await chronicle.types(anns)
