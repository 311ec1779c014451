"""Why an account was restricted, and why its texts were shown, can be erased (C-40, C-52)."""

import asyncpg
import msgspec
import pytest
from accesses import seen

from chronicle import Chronicle, utc
from docket_events.access import AccessRestricted
from docket_events.ids import stream_of_account
from docket_runtime.proof.verification import verify_log
from garbage import spoil
from traces import tables_with

ACME = "/v1/accounts/acme"
TYPED = "Ann Example owes us money"


@pytest.fixture
def pia(as_):
    return as_("privacy_officer", "pia")


async def faults(database):
    connection = await asyncpg.connect(database.url())
    try:
        return [fault async for fault in verify_log(connection, ())]
    finally:
        await connection.close()


async def test_C_40_why_an_account_was_restricted_can_be_erased(max_, pia, auditor, database):
    await max_.post(f"{ACME}/restrict", {"reason": TYPED})
    await max_.post(f"{ACME}/restore", {"reason": TYPED})
    await max_.post(f"{ACME}/restrict", {"reason": TYPED, "until": "2026-07-01T00:00:00Z"})
    for path in (ACME, f"{ACME}/events"):
        shown = await auditor.get(path, {"X-Reveal-Reason": TYPED})
        assert TYPED in shown.text

    erased = await pia.post(f"{ACME}/erase-reasons", {"why": "person_asked"})

    assert (erased.status_code, erased.json()["version"]) == (200, 4)
    for path in (ACME, f"{ACME}/events"):
        assert TYPED not in (await max_.get(path)).text
    assert [row["reason"] for row in await seen(database) if row["role"] == "auditor"] == [None] * 2
    assert await tables_with(database.url(), TYPED) == {}
    assert await faults(database) == []
    last = (await max_.get(f"{ACME}/events")).json()["items"][-1]
    assert (last["type"], last["data"]["why"]) == ("ContentErased", "person_asked")
    assert (await max_.get(ACME)).json()["restriction"]["until"] == "2026-07-01T00:00:00Z"


async def test_C_40_so_can_why_texts_were_shown_since(max_, pia, auditor, database):
    await max_.post(f"{ACME}/restrict", {"reason": "abuse"})
    await pia.post(f"{ACME}/erase-reasons", {"why": "person_asked"})
    await auditor.get(ACME, {"X-Reveal-Reason": TYPED})

    await pia.post(f"{ACME}/erase-reasons", {"why": "person_asked"})

    assert await tables_with(database.url(), TYPED) == {}


async def test_C_40_a_reason_of_before_which_stands_in_the_event_is_shown_to_nobody_then(
    max_, pia, database
):
    log = Chronicle(database.url(), "2026-06-08T12:00:00")
    await log.account(
        "acme", ("2026-06-08T11:00:00", AccessRestricted("acme", until=utc("2026-06-08T11:30:00")))
    )
    stream = stream_of_account("acme", 1)
    body = msgspec.json.encode({"account_id": "acme", "reason": TYPED})
    await spoil(database.url(), stream, "AccessRestricted", body)
    assert TYPED in (await max_.get(ACME)).text

    await pia.post(f"{ACME}/erase-reasons", {"why": "person_asked"})

    for path in (ACME, f"{ACME}/events"):
        assert TYPED not in (await max_.get(path)).text


async def test_C_40_nobody_else_erases_reasons(ann, max_, shop, auditor):
    for who in (ann, max_, shop, auditor):
        answer = await who.post(f"{ACME}/erase-reasons", {"why": "person_asked"})
        assert (answer.status_code, answer.json()["code"]) == (403, "actor_not_entitled")
