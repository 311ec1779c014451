"""The audit of the auditors: every look leaves an access event, and masked texts stay masked."""

from collections import Counter

import asyncpg
import pytest
from accesses import seen

from docket_events.roles import ACCOUNT_BOUND, MASKED, ROLES
from docket_runtime.unavailable import Unavailable
from ticket_api.auth.access_audit import AUDITED, SHOWING_TEXTS
from ticket_api.auth.access_log import AccessLog
from ticket_api.auth.roles import reach, table

PATHS: dict[str, tuple[str, dict[str, str]]] = {
    "get_history": ("events", {}),
    "get_clock": ("clock", {}),
    "replay_ticket": ("replay", {}),
    "diff_ticket": ("diff", {"from": "1", "to": "1"}),
    "why_ticket": ("why", {}),
    "explain_field": ("explain", {"field": "priority"}),
}


async def test_reads_equal_access_events(ann, max_, ada, eve, database):
    ticket = await ann.create()
    asked: Counter[tuple[str, str]] = Counter()
    for n, caller in enumerate((ann, max_, ada)):
        for operation, (path, query) in PATHS.items():
            for _ in range(n + 1):
                answer = await caller.get(f"/v1/tickets/{ticket['id']}/{path}", **query)
                assert answer.status_code == 200, answer.text
                asked[["ann", "max", "ada"][n], operation] += 1
    for operation, (path, query) in PATHS.items():
        assert (await eve.get(f"/v1/tickets/{ticket['id']}/{path}", **query)).status_code == 404
        asked["eve", operation] += 1

    rows = await seen(database)

    assert Counter((row["subject"], row["operation"]) for row in rows) == asked
    assert {row["outcome"] for row in rows if row["subject"] == "eve"} == {"denied"}
    assert {row["outcome"] for row in rows if row["subject"] != "eve"} == {"200"}
    assert {str(row["ticket_id"]) for row in rows} == {ticket["id"]}
    assert all(row["asked"].startswith("GET /v1/tickets/") for row in rows)


async def test_a_users_own_tickets_and_commands_leave_nothing(ann, max_, database):
    ticket = await ann.create()
    await max_.tell(ticket, "prioritize", priority="High", reason="it is")
    for path in ("", f"/{ticket['id']}", f"/{ticket['id']}/attachments"):
        assert (await ann.get(f"/v1/tickets{path}")).status_code == 200

    assert await seen(database) == []


async def test_a_denied_command_and_a_denied_door_leave_one_each(ann, max_, ada, database):
    ticket = await ann.create()
    assert (await max_.tell(ticket, "suspend")).status_code == 403
    assert (await ada.tell(ticket, "close", reason="resolved")).status_code == 403
    assert (await ann.get("/v1/audit/events")).status_code == 403

    rows = await seen(database)

    assert [(row["subject"], row["operation"], row["outcome"]) for row in rows] == [
        ("max", "suspend", "denied"),
        ("ada", "close", "denied"),
        ("ann", "read_log", "denied"),
    ]


async def test_texts_are_masked_for_auditors_until_they_say_why(ann, max_, ada, database):
    ticket = await ann.create(description="My password is hunter2.")
    path = f"/v1/tickets/{ticket['id']}"

    masked = await ada.get(path)
    history = await ada.get(f"{path}/events")
    assert "hunter2" not in masked.text + history.text
    assert (masked.json()["masked"], history.json()["masked"]) == (True, True)
    assert masked.json()["description"]["digest"]

    reason = {"X-Reveal-Reason": "complaint 17: was it said?"}
    revealed = await ada.get(path, headers={**reason, "If-None-Match": masked.headers["ETag"]})
    assert revealed.json()["description"]["text"] == "My password is hunter2."
    assert "masked" not in revealed.json()
    assert "hunter2" in (await ada.get(f"{path}/events", headers=reason)).text
    assert "hunter2" in (await max_.get(path)).text

    reveals = [row for row in await seen(database) if row["reason"] is not None]
    assert [row["operation"] for row in reveals] == ["get_ticket", "get_history"]
    assert {row["reason"] for row in reveals} == {"complaint 17: was it said?"}


@pytest.mark.parametrize("role", [role for role in ROLES if reach("get_history", role)])
async def test_who_reads_texts_at_once_and_who_when_they_say_why(ann, as_, role):
    """A cell of the role table, for each role that may read a ticket and its history at all."""
    says_why = role in MASKED
    ticket = await ann.create(description="My password is hunter2.")
    reader = as_(role, "pat", "acme" if role in ACCOUNT_BOUND else None)

    for path in (f"/v1/tickets/{ticket['id']}", f"/v1/tickets/{ticket['id']}/events"):
        answer = await reader.get(path)
        assert ("hunter2" not in answer.text) is says_why
        assert answer.json().get("masked", False) is says_why
        revealed = await reader.get(path, headers={"X-Reveal-Reason": "complaint 17"})
        assert "hunter2" in revealed.text


@pytest.mark.parametrize("reason", ["", "x", "y" * 201, "a%00b"])
async def test_a_reason_that_is_none_reveals_nothing(ann, ada, reason):
    ticket = await ann.create()

    answer = await ada.get(f"/v1/tickets/{ticket['id']}", headers={"X-Reveal-Reason": reason})

    assert (answer.status_code, answer.json()["code"]) == (422, "malformed")


async def test_what_cannot_be_written_down_is_not_shown(ann, ada, monkeypatch):
    ticket = await ann.create(description="My password is hunter2.")

    async def away(self: AccessLog, access: object) -> None:
        raise Unavailable("the database is out of reach")

    monkeypatch.setattr(AccessLog, "add", away)
    for path in ("events", "replay"):
        answer = await ann.get(f"/v1/tickets/{ticket['id']}/{path}")
        assert answer.status_code == 503
        assert answer.headers["Retry-After"]
        assert "hunter2" not in answer.text


async def test_one_role_reads_the_access_events_and_that_is_written_too(ann, ada, pia, max_):
    ticket = await ann.create()
    await ada.get(f"/v1/tickets/{ticket['id']}/events")
    await ada.get(f"/v1/tickets/{ticket['id']}/why")
    for other in (ann, ada, max_):
        assert (await other.get("/v1/audit/access")).status_code == 403

    first = (await pia.get("/v1/audit/access", subject="ada", denied="false", limit=1)).json()
    after = first["next_after"]
    second = (await pia.get("/v1/audit/access", subject="ada", denied="false", after=after)).json()
    own = (await pia.get("/v1/audit/access", subject="pia")).json()

    assert [row["operation"] for row in first["items"]] == ["get_history"]
    assert [row["operation"] for row in second["items"]] == ["why_ticket"]
    assert second["next_after"] is None
    assert [row["operation"] for row in own["items"]] == ["read_access", "read_access"]


async def test_access_events_only_grow_and_have_a_reader_of_their_own(ann, database):
    ticket = await ann.create()
    await ann.get(f"/v1/tickets/{ticket['id']}/events")
    for role, statement in (
        ("docket_ticket_api", "select * from docket.access_events"),
        (
            "docket_ticket_api",
            "insert into docket.access_events select * from docket.access_events",
        ),
        ("docket_sla_clock", "select * from docket.access_events"),
        ("docket_sla_clock", "select docket.append_access('{}')"),
        ("docket_auditor", "select * from docket.access_reasons"),
        ("docket_ticket_api", "update docket.access_head set head_position = 0"),
        ("docket_ticket_api", "delete from docket.access_reasons"),
        ("postgres", "truncate docket.access_reasons"),
        ("docket_auditor", "select * from docket.access_events"),
        ("docket_access_reader", "delete from docket.access_events"),
        ("postgres", "delete from docket.access_events"),
        ("postgres", "update docket.access_events set subject = 'nobody'"),
        ("postgres", "truncate docket.access_events"),
    ):
        connection = await asyncpg.connect(database.url(role))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(statement)
        await connection.close()
    assert len(await seen(database)) == 1


def test_every_watched_operation_exists() -> None:
    named = {operation for operation in AUDITED if not operation.startswith("console_")}
    assert named | SHOWING_TEXTS <= set(table())
