"""C-51: the notice stands in the ticket, for those it was for, with what became of the mail."""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import UUID

import asyncpg
import pytest

from chronicle import Chronicle
from docket_events.ids import notice_id
from docket_events.notice import (
    ClosureNoticeSent,
    Delivery,
    DeskNoticeSent,
    NoticeSent,
    RegistrationNoticeSent,
)
from docket_runtime.new_ids import new_id
from docket_runtime.store.drafts import draft
from people import NOTIFIER

NOON = datetime(2026, 6, 8, 12, tzinfo=UTC)
AT = "2026-06-08T12:00:00"
REGISTERED, ANSWERED, ALERTED = (notice_id(UUID(int=n), "x") for n in (1, 2, 3))
TEXTS = ("Hello Ann, your ticket is registered.", "Hello Ann, there is an answer.", "It is late.")


@pytest.fixture
async def told(ann, database):
    """Ann's ticket with three notices: one mailed, one refused, one to the agents."""
    ticket = await ann.create(contact={"email": "ann@acme.example", "name": "Ann"})
    at, ticket_id = NOON, UUID(ticket["id"])
    contents, refs = zip(*(draft(ticket_id, "notice", t.encode()) for t in TEXTS), strict=True)
    quotes = (UUID(ticket["contact"]["id"]),)
    about = [{"content": ref, "quotes": quotes} for ref in refs]
    accepted, refused = Delivery("accepted"), Delivery("refused", "550")
    await Chronicle(database.url(), AT).then(
        ticket_id,
        (
            AT,
            RegistrationNoticeSent(at, REGISTERED, clause="R-1.14", delivery=accepted, **about[0]),
        ),
        (AT, NoticeSent("response", at, ANSWERED, delivery=refused, **about[1])),
        (AT, DeskNoticeSent("overdue_alert", at, ALERTED, delivery=accepted, **about[2])),
        actor=NOTIFIER,
        contents=contents,
    )
    return ticket


async def notices_of(caller, ticket, **headers):
    answer = await caller.get(f"/v1/tickets/{ticket['id']}/notices", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_C_51_a_notice_is_shown_with_its_text_its_clause_and_the_fate_of_its_copy(
    ann, max_, told
):
    first, second = (await notices_of(ann, told))["items"]
    assert first == {
        "notice_id": str(REGISTERED),
        "kind": "registration",
        "to": "user",
        "sent_at": "2026-06-08T12:00:00Z",
        "clause": "R-1.14",
        "objections_until": None,
        "delivery": {"state": "sent", "code": None, "bounced_at": None},
        "content": {**first["content"], "text": TEXTS[0]},
    }
    assert second["delivery"] == {"state": "refused", "code": "550", "bounced_at": None}
    assert (await max_.get(f"/v1/tickets/{told['id']}")).json()["undelivered_notices"] == 1


async def test_what_the_agents_were_told_is_in_no_answer_to_a_customer(ann, max_, told):
    assert [each["kind"] for each in (await notices_of(max_, told))["items"]] == [
        "registration",
        "response",
        "overdue_alert",
    ]
    for path in ("notices", "events", "why", "replay"):
        answer = await ann.get(f"/v1/tickets/{told['id']}/{path}")
        assert "It is late" not in answer.text
        assert "overdue_alert" not in answer.text


async def test_the_texts_of_notices_are_masked_for_an_auditor_who_gives_no_reason(auditor, told):
    masked = await notices_of(auditor, told)
    shown = await notices_of(auditor, told, **{"X-Reveal-Reason": "complaint 17"})

    assert masked["masked"] is True
    assert {"text"} & {name for each in masked["items"] for name in each["content"]} == {"text"}
    assert [each["content"]["text"] for each in masked["items"]] == [None, None, None]
    assert [each["content"]["text"] for each in shown["items"]] == list(TEXTS)


async def test_the_notices_of_another_account_are_not_there(eve, told):
    answer = await eve.get(f"/v1/tickets/{told['id']}/notices")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def bounce(caller, ticket, notice, code="5.1.1"):
    return await caller.tell(ticket, "record-bounce", notice_id=str(notice), code=code)


async def test_C_51_a_bounce_is_recorded_once_and_moves_no_clock(max_, shop, told):
    clock = (await max_.get(f"/v1/tickets/{told['id']}/clock", at="2026-06-08T13:00:00Z")).json()
    first, again = [await bounce(each, told, REGISTERED) for each in (shop, max_)]
    refused = await bounce(max_, told, ANSWERED)

    assert (first.status_code, first.json()["undelivered_notices"]) == (200, 2)
    versions = [each.json()["version"] for each in (first, again, refused)]
    assert versions == [first.json()["version"]] * 3
    (registered, *_) = (await notices_of(max_, told))["items"]
    assert (registered["delivery"]["state"], registered["delivery"]["code"]) == ("bounced", "5.1.1")
    after = (await max_.get(f"/v1/tickets/{told['id']}/clock", at="2026-06-08T13:00:00Z")).json()
    assert after["response_clock"] == clock["response_clock"]


@pytest.mark.parametrize(
    ("notice", "code", "refusal"),
    [
        (ALERTED, "5.1.1", (409, "unknown_notice", "C-51")),
        (notice_id(UUID(int=9), "x"), "550", (409, "unknown_notice", "C-51")),
        (REGISTERED, "no such user ann@acme.example", (422, "malformed", None)),
        (REGISTERED, "9.1.1", (422, "malformed", None)),
    ],
)
async def test_C_51_a_bounce_of_no_notice_to_the_user_or_with_words_is_refused(
    max_, told, notice, code, refusal
):
    answer = await bounce(max_, told, notice, code)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem.get("clause")) == refusal


async def test_a_customer_records_no_bounce(ann, told):
    assert (await bounce(ann, told, REGISTERED)).status_code == 403


async def test_C_51_a_notice_that_was_not_mailed_cannot_come_back(ann, max_, database):
    ticket = await ann.create()
    posted = RegistrationNoticeSent(NOON, REGISTERED, delivery=Delivery("posted"))
    await Chronicle(database.url(), AT).then(UUID(ticket["id"]), (AT, posted), actor=NOTIFIER)
    answer = await bounce(max_, ticket, REGISTERED)
    assert (answer.status_code, answer.json()["code"]) == (409, "notice_not_mailed")


async def test_C_51_who_opens_a_ticket_without_an_address_is_warned(ann):
    without, with_one = await ann.create(), await ann.create(contact={"email": "a@acme.example"})

    (warning,) = without["warnings"]
    assert (warning["code"], warning["clause"]) == ("no_contact", "C-51")
    assert "warnings" not in with_one


async def test_C_40_the_text_of_a_notice_goes_with_what_it_quotes(ann, as_, told, database):
    erased = await as_("privacy_officer", "pat").tell(told, "erase", person="ann", why="unlawful")
    assert erased.status_code == 200, erased.text

    notices = (await notices_of(ann, told))["items"]
    assert [each["content"]["text"] for each in notices] == [None, None]
    connection = await asyncpg.connect(database.url())
    left = await connection.fetchval(
        "select count(*) from docket.contents where kind = 'notice' and body is not null"
    )
    await connection.close()
    assert left == 0


async def test_C_40_erasing_another_text_leaves_the_notices(ann, as_, told):
    description = told["description"]["id"]
    pat = as_("privacy_officer", "pat")
    erased = await pat.tell(told, "erase", content_ids=[description], why="unlawful")
    assert erased.status_code == 200, erased.text
    assert (await notices_of(ann, told))["items"][0]["content"]["text"] == TEXTS[0]


async def test_R_6_10_b_a_closing_notice_says_until_when_one_may_object(ann, max_, database):
    ticket = await ann.create()
    await max_.tell(ticket, "close", reason="resolved")
    until = datetime(2026, 6, 14, tzinfo=UTC)
    closed = ClosureNoticeSent(NOON, new_id(), until, clause="R-6.10-a")
    await Chronicle(database.url(), AT).then(UUID(ticket["id"]), (AT, closed), actor=NOTIFIER)

    (notice,) = (await notices_of(ann, ticket))["items"]
    assert (notice["kind"], notice["objections_until"]) == ("closing", "2026-06-14T00:00:00Z")
    assert (notice["content"], notice["delivery"]["state"]) == (None, "unknown")


def test_a_digest_of_a_draft_is_salted():
    content, ref = draft(UUID(int=1), "notice", b"It is late.")
    assert ref.digest == sha256(content.salt + content.body).hexdigest()
    assert ref.digest != sha256(content.body).hexdigest()
