"""Whose a key is, what it is answered with, and that nothing of it is kept that a person typed."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from hashlib import sha256
from itertools import combinations

import asyncpg
import httpx
import pytest

from stopped_clock import stopped_at
from ticket_api.app import build

NEW = {"product": "VMmanager 6", "subject": "identical body"}
KEY = {"Idempotency-Key": "my-first-ticket"}

PEOPLE = [
    {"role": "customer", "subject": "bob", "account": "acct1"},
    {"role": "customer", "subject": "bob", "account": "acct2"},
    {"role": "customer", "subject": "bob/acct1", "account": "acct1"},
    {"role": "customer", "subject": "eve", "account": "acct1"},
]
"""Two of each tell their account apart, or their name."""


@asynccontextmanager
async def asked_of(app, signer, somebody):
    """Give the callers of another instance; `somebody` is one of the first."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://docket") as client:
        yield lambda role, subject, account=None, **more: replace(
            somebody, http=client, token=signer.token(role, subject, account, **more)
        )


async def rows(database, query, *arguments):
    connection = await asyncpg.connect(database.url())
    try:
        return await connection.fetch(query, *arguments)
    finally:
        await connection.close()


@pytest.mark.parametrize(("one", "other"), [*combinations(PEOPLE, 2)])
async def test_two_who_differ_in_name_or_account_never_share_a_key(as_, one, other):
    first, second = as_(**one), as_(**other)
    mine = await first.post("/v1/tickets", NEW, KEY)

    his = await second.post("/v1/tickets", NEW, KEY)

    assert (mine.status_code, his.status_code) == (201, 201)
    assert his.json()["account_id"] == other["account"]
    assert mine.json()["id"] != his.json()["id"]
    assert "idempotent-replayed" not in his.headers
    assert (await second.get(f"/v1/tickets/{his.json()['id']}")).status_code == 200


async def test_a_key_of_another_account_tells_nothing_whatever_one_asks(as_):
    mine, his = as_(**PEOPLE[0]), as_(**PEOPLE[1])
    await mine.post("/v1/tickets", NEW, KEY)

    answer = await his.post("/v1/tickets", {"product": "DCImanager 6"}, KEY)

    assert answer.status_code == 201


async def test_the_issuer_is_part_of_whose_a_key_is(settings, signer, max_):
    first = await max_.post("/v1/tickets", {**NEW, "account_id": "acme"}, KEY)
    other = build(settings.model_copy(update={"jwt_issuer": "https://other"}))
    async with other.router.lifespan_context(other), asked_of(other, signer, max_) as ask:
        agent = ask("agent", "max", iss="https://other")
        second = await agent.post("/v1/tickets", {**NEW, "account_id": "acme"}, KEY)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] != second.json()["id"]


async def test_a_key_that_was_used_on_a_ticket_says_nothing_to_who_may_not_see_it(ann, eve):
    ticket = await ann.create()
    path = f"/v1/tickets/{ticket['id']}/comment"
    await ann.post(path, {"text": "It happened again."}, KEY)
    missing = f"/v1/tickets/{ticket['id'][:-4]}0000/comment"

    answers = [
        await eve.post(each, {"text": "It happened again."}, KEY) for each in (path, missing)
    ]

    assert [answer.status_code for answer in answers] == [404, 404]
    shown = [{**answer.json(), "trace_id": ""} for answer in answers]
    assert shown[0] == shown[1]


async def test_an_answer_is_of_the_version_that_it_showed_first(ann, max_):
    ticket = await ann.create()
    path = f"/v1/tickets/{ticket['id']}/comment"
    first = await ann.post(path, {"text": "It happened again."}, KEY)
    await max_.tell(ticket, "prioritize", priority="High", reason="down")
    await ann.tell(ticket, "comment", text="And again.")

    again = await ann.post(path, {"text": "It happened again."}, KEY)

    assert again.json()["version"] == 2
    assert again.content == first.content


async def test_an_answer_is_made_of_the_log_and_of_nothing_else(ann, database):
    ticket = await ann.create()
    columns = await rows(
        database,
        "select attname from pg_attribute where attrelid = 'docket.commands'::regclass"
        " and attnum > 0",
    )

    assert {row[0] for row in columns} == {
        *("partition", "key", "request_hash", "ticket_id", "status", "version", "day")
    }
    assert ticket["version"] == 1


async def test_neither_a_key_nor_who_used_it_stands_in_the_database(ann, as_, database):
    bob = as_("customer", "canary-bob", "acme")
    key = {"Idempotency-Key": "canary-key of Bob, +357 99 000000"}
    ticket = (await ann.post("/v1/tickets", NEW, KEY)).json()
    done = await bob.post(f"/v1/tickets/{ticket['id']}/comment", {"text": "Again."}, key)
    announced = await bob.post(
        f"/v1/tickets/{ticket['id']}/attachments",
        {"name": "a.txt", "media_type": "text/plain", "size": 1, "sha256": "0" * 64},
        key,
    )

    assert (done.status_code, announced.status_code) == (200, 201)
    tables = await rows(
        database, "select tablename from pg_tables where schemaname = 'docket' order by 1"
    )
    for (table,) in tables:
        stored = await rows(database, f"select t::text from docket.{table} as t")
        told = "".join(row[0] for row in stored)
        assert "canary-key" not in told, table
        assert b"canary-key".hex() not in told, table
        if table.startswith("commands"):
            assert "canary-bob" not in told


async def test_a_key_of_a_file_belongs_to_the_one_who_sent_it(ann, as_):
    ticket = await ann.create()
    path = f"/v1/tickets/{ticket['id']}/attachments"
    file = {"name": "a.txt", "media_type": "text/plain", "size": 1, "sha256": "0" * 64}

    mine = await ann.post(path, file, KEY)
    his = await as_("customer", "bob", "acme").post(path, file, KEY)
    again = await ann.post(path, file, KEY)

    assert mine.json()["id"] == again.json()["id"] != his.json()["id"]
    assert again.headers["idempotent-replayed"] == "true"


def recorded_by_010(subject: str, path: str, body: bytes, key: str) -> tuple[str, str, bytes]:
    """Return scope, key and hash as release 0.1.0 wrote them."""
    return f"customer:{subject}", key, sha256(f"POST {path}\n".encode() + body).digest()


@pytest.fixture
async def after_the_upgrade(settings, signer, database, ann):
    """The API on a database in which release 0.1.0 has opened Ann's ticket under a key."""
    ticket = await ann.create()
    known = recorded_by_010("ann", "/v1/tickets", b'{"product":"VMmanager 6"}', "k")
    await rows(
        database,
        "insert into docket.commands_before_0012 values (0, $1, $2, $3, $4, 201, 1, $5, now())",
        *known,
        ticket["id"],
        b'{"id": "forged"}',
    )
    app = build(settings)
    async with app.router.lifespan_context(app), asked_of(app, signer, ann) as ask:
        yield ask, ticket


async def test_a_key_of_010_gives_its_first_answer_after_the_upgrade(after_the_upgrade):
    ask, ticket = after_the_upgrade
    ann, key = ask("customer", "ann", "acme"), {"Idempotency-Key": "k"}

    again = await ann.post("/v1/tickets", {"product": "VMmanager 6"}, key)
    other = await ann.post("/v1/tickets", {"product": "DCImanager 6"}, key)

    assert (again.status_code, again.json()["id"], again.json()["version"]) == (
        201,
        ticket["id"],
        1,
    )
    assert again.headers["idempotent-replayed"] == "true"
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_key_of_010_of_the_same_name_in_another_account_is_no_key(after_the_upgrade):
    ask, ticket = after_the_upgrade
    namesake, key = ask("customer", "ann", "other"), {"Idempotency-Key": "k"}

    mine = await namesake.post("/v1/tickets", {"product": "VMmanager 6"}, key)

    assert mine.status_code == 201
    assert mine.json()["account_id"] == "other"
    assert mine.json()["id"] != ticket["id"]


async def test_the_same_key_at_once_in_two_accounts_makes_two_tickets(as_):
    people = [as_(**PEOPLE[n % 2]) for n in range(20)]

    answers = await asyncio.gather(*(each.post("/v1/tickets", NEW, KEY) for each in people))

    assert {answer.status_code for answer in answers} == {201}
    made = {(answer.json()["account_id"], answer.json()["id"]) for answer in answers}
    assert sorted(account for account, _ in made) == ["acct1", "acct2"]


async def test_a_key_is_answered_on_a_later_day_until_it_expires(settings, signer, ann, database):
    first = await ann.post("/v1/tickets", NEW, KEY)
    later = build(settings.model_copy(update={"clock": stopped_at("2026-06-14T12:00:00Z")}))

    async with later.router.lifespan_context(later), asked_of(later, signer, ann) as ask:
        again = await ask("customer", "ann", "acme").post("/v1/tickets", NEW, KEY)
        await rows(
            database,
            "select set_config('docket.clock', $1, false), docket.turn_command_days(5)",
            stopped_at("2026-06-14T12:00:00Z"),
        )
        anew = await ask("customer", "ann", "acme").post("/v1/tickets", NEW, KEY)

    assert (again.status_code, again.content) == (201, first.content)
    assert anew.status_code == 201
    assert anew.json()["id"] != first.json()["id"]
