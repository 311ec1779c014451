"""Accounts: restricted and restored, their licenses, and what tickets make of it (C-52, C-26)."""

import asyncio

import pytest

from chronicle import Chronicle
from docket_events.ids import stream_of_account

ACME = "/v1/accounts/acme"
INFRASTRUCTURE = {"product": "VMmanager 6", "edition": "Infrastructure"}
PRIVILEGE = {**INFRASTRUCTURE, "license": "L-1", "service_level": "Privilege"}


async def test_an_account_of_which_nothing_is_recorded_is_at_version_0(ann, max_):
    for reader in (ann, max_):
        answer = await reader.get(ACME)
        assert (answer.status_code, answer.headers["etag"]) == (200, '"0"')
        assert answer.json() == {
            "account_id": "acme",
            "version": 0,
            "updated_at": None,
            "restriction": None,
            "licenses": [],
            "contacts": [],
            "language": None,
        }


async def test_another_account_looks_like_a_missing_one_to_a_customer(ann):
    known, unknown = await ann.get("/v1/accounts/evil"), await ann.get("/v1/accounts/nobody")
    told = await ann.post("/v1/accounts/evil/restrict", {})

    assert (known.status_code, unknown.status_code, told.status_code) == (404, 404, 404)
    assert known.json()["detail"] == unknown.json()["detail"] == told.json()["detail"]


async def test_C_52_restricting_is_an_event_of_the_account(max_, ann):
    body = {"until": "2026-07-01T00:00:00Z", "reason": "abuse", "clause": "R-7.4"}

    answer = await max_.post(f"{ACME}/restrict", body)
    again = await max_.post(f"{ACME}/restrict", {**body, "reason": None})

    assert (answer.status_code, answer.headers["etag"]) == (200, '"1"')
    assert answer.json()["restriction"] == {**body, "reason": None}, "an answer keeps no text"
    assert again.json() == answer.json()
    assert (await ann.get(ACME)).json() == {**answer.json(), "restriction": body}
    assert (await ann.get("/v1/tickets")).json()["items"] == []


@pytest.mark.parametrize("verb", ["restrict", "restore"])
async def test_C_52_only_an_agent_restricts_and_restores(ann, shop, verb):
    by_ann = await ann.post(f"{ACME}/{verb}", {})
    by_shop = await shop.post(f"{ACME}/{verb}", {})

    assert (by_ann.status_code, by_ann.json()["clause"]) == (403, "C-52")
    assert (by_shop.status_code, by_shop.json()["code"]) == (403, "actor_not_entitled")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"until": "2026-06-08T12:00:00Z"}, "not_in_the_future"),
        ({"clause": "R-6.5"}, "unknown_clause"),
    ],
)
async def test_C_52_a_restriction_that_is_none_is_refused(max_, body, code):
    answer = await max_.post(f"{ACME}/restrict", body)

    assert (answer.status_code, answer.json()["code"]) == (409, code)
    assert answer.json()["clause"] == "C-52"
    assert (await max_.get(ACME)).json()["version"] == 0


@pytest.mark.parametrize(
    ("body", "clause"),
    [
        ({"product": "VMmanager 6"}, "R-7.4"),
        ({**INFRASTRUCTURE, "service_level": "Standard", "priority": "Low"}, "I-7.11"),
    ],
)
@pytest.mark.parametrize("until", [None, "2026-06-08T12:00:01Z"])
async def test_C_52_a_restricted_account_opens_writes_and_objects_to_nothing(
    ann, eve, max_, body, clause, until
):
    ticket = await ann.create(**body)
    await max_.post(f"{ACME}/restrict", {"until": until})

    created = await ann.post("/v1/tickets", body)
    commented = await ann.tell(ticket, "comment", text="and now?")
    replied = await ann.tell(ticket, "reply", text="and now?")

    for answer in (created, commented, replied):
        assert (answer.status_code, answer.json()["code"]) == (409, "access_restricted")
        assert answer.json()["clause"] == clause
    assert (await max_.tell(ticket, "respond", text="Restart it.")).status_code == 200
    assert (await eve.create(**body))["account_id"] == "evil"


async def test_C_52_a_restricted_user_objects_to_no_closing(ann, max_):
    ticket = await ann.create()
    await max_.post(f"{ACME}/restrict", {})

    answer = await ann.tell(ticket, "object", description="It fails.", consequences="All is down.")

    assert (answer.status_code, answer.json()["code"]) == (409, "access_restricted")
    assert answer.json()["clause"] == "R-7.4"


async def test_C_52_what_was_asked_for_may_still_be_given(ann, max_):
    ticket = await ann.create()
    asked = (await max_.tell(ticket, "request-information", items="the log")).json()
    await max_.post(f"{ACME}/restrict", {})
    request = asked["information_requests"][0]["request"]

    answer = await ann.tell(ticket, "provide-information", request=request, text="here")

    assert answer.status_code == 200


async def test_R_7_4_a_restriction_that_is_lifted_hinders_nobody(ann, max_):
    await max_.post(f"{ACME}/restrict", {})

    restored = await max_.post(f"{ACME}/restore", {"reason": "settled"})
    again = await max_.post(f"{ACME}/restore", {})

    assert (restored.json()["restriction"], restored.json()["version"]) == (None, 2)
    assert (again.status_code, again.json()["version"]) == (200, 2)
    assert (await ann.create())["status"] == "open"


async def test_C_52_an_agent_opens_no_ticket_for_a_restricted_account(max_):
    await max_.post(f"{ACME}/restrict", {})

    answer = await max_.post("/v1/tickets", {"product": "VMmanager 6", "account_id": "acme"})

    assert (answer.status_code, answer.json()["code"]) == (409, "access_restricted")


async def test_a_repeated_command_on_an_account_is_done_once(max_):
    key = {"Idempotency-Key": "once"}

    answers = await asyncio.gather(
        *(max_.post(f"{ACME}/restrict", {"reason": "abuse"}, key) for _ in range(20))
    )
    other = await max_.post(f"{ACME}/restrict", {"reason": "another"}, key)

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_the_history_of_an_account_tells_who_recorded_what(max_, shop, ann, eve):
    await shop.post(f"{ACME}/record-license", PRIVILEGE)
    await max_.post(f"{ACME}/restrict", {"reason": "abuse"})

    page = (await ann.get(f"{ACME}/events", limit=1)).json()
    rest = (await ann.get(f"{ACME}/events", after=page["next_after"])).json()
    (recorded,), (barred,) = page["items"], rest["items"]

    assert (recorded["type"], recorded["actor"]["id"]) == ("LicenseRecorded", "shop")
    assert (barred["type"], barred["version"], barred["actor"]["id"]) == (
        "AccessRestricted",
        2,
        "max",
    )
    assert barred["data"].keys() == {"account_id", "reason"}
    assert barred["texts"] == {"reason": "abuse"}
    assert rest["next_after"] is None
    assert (await eve.get(f"{ACME}/events")).status_code == 404


async def test_an_account_that_has_not_changed_is_304(max_):
    answers = [await max_.get(ACME, {"If-None-Match": tag}) for tag in ('"0"', '"7"')]

    assert [answer.status_code for answer in answers] == [304, 200]


async def test_a_ticket_that_was_opened_is_answered_again_after_the_restriction(ann, max_):
    key = {"Idempotency-Key": "mine"}
    first = await ann.post("/v1/tickets", {"product": "VMmanager 6"}, key)
    await max_.post(f"{ACME}/restrict", {})

    again = await ann.post("/v1/tickets", {"product": "VMmanager 6"}, key)

    assert (again.status_code, again.content) == (201, first.content)


async def test_if_match_holds_for_accounts_too(max_):
    await max_.post(f"{ACME}/restrict", {})

    stale = await max_.post(f"{ACME}/restore", {}, {"If-Match": '"0"'})
    right = await max_.post(f"{ACME}/restore", {}, {"If-Match": '"1"'})

    assert (stale.status_code, stale.headers["etag"]) == (412, '"1"')
    assert right.status_code == 200


async def test_of_many_who_restrict_and_restore_at_once_each_is_in_the_log_once(max_, database):
    bodies = [{"reason": f"reason {n}"} for n in range(16)]

    answers = await asyncio.gather(
        *(max_.post(f"{ACME}/restrict", body) for body in bodies),
        *(max_.post(f"{ACME}/record-license", PRIVILEGE) for _ in range(4)),
    )

    assert {answer.status_code for answer in answers} <= {200, 409}
    log = Chronicle(database.url(), "2026-06-08T12:00:00")
    partitions = (await log.rows("select partitions from docket.log_meta"))[0]["partitions"]
    history = await log.history(stream_of_account("acme", partitions))
    assert [each.version for each in history] == list(range(1, len(history) + 1))
    written = sum(answer.status_code == 200 for answer in answers[:16])
    assert [each.type for each in history].count("AccessRestricted") == written
    assert [each.type for each in history].count("LicenseRecorded") <= 1
    assert (await max_.get(ACME)).json()["version"] == len(history)


async def test_the_stream_of_an_account_is_no_ticket(max_, database):
    await max_.post(f"{ACME}/restrict", {})
    log = Chronicle(database.url(), "2026-06-08T12:00:00")
    ((stream,),) = await log.rows("select ticket_id from docket.events")

    seen = [
        await max_.get(f"/v1/tickets/{stream}"),
        await max_.get(f"/v1/tickets/{stream}/events"),
        await max_.tell({"id": stream}, "note", text="what is it?"),
    ]

    assert [answer.status_code for answer in seen] == [404, 404, 404]
    assert await log.rows("select from docket.tickets") == []


async def test_the_documentation_names_the_commands_on_an_account(http):
    document = (await http.get("/openapi.json")).json()

    for verb in ("restrict", "restore", "record-license"):
        operation = document["paths"][f"/v1/accounts/{{account_id}}/{verb}"]["post"]
        body = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
        assert body.rsplit("/", 1)[1] in document["components"]["schemas"]
        assert {"account_id", "Idempotency-Key", "If-Match"} <= named(document, operation)


def named(document, operation):
    """Return the names of an operation's parameters, those that it shares with others too."""
    shared = document["components"].get("parameters", {})
    return {
        shared[p["$ref"].rsplit("/", 1)[1]]["name"] if "$ref" in p else p["name"]
        for p in operation["parameters"]
    }
