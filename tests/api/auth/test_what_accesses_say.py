"""What an access event says and what never: no typed text, a reason that can go, each by itself."""

import asyncio
from uuid import UUID

import asyncpg
import pytest
from accesses import seen

from docket_runtime.unavailable import Unavailable
from ticket_api.auth.access_log import Access, AccessLog
from ticket_api.auth.roles import reach


@pytest.mark.parametrize("role", ["agent", "product_team", "auditor", "service", "privacy_officer"])
async def test_who_is_no_customer_leaves_one_for_each_answer_that_shows_what_people_wrote(
    ann, as_, database, role
):
    ticket = await ann.create()
    reader = as_(role, "rob")
    paths = {
        "get_ticket": f"/v1/tickets/{ticket['id']}",
        "list_tickets": "/v1/tickets",
        "list_attachments": f"/v1/tickets/{ticket['id']}/attachments",
        "get_account": "/v1/accounts/acme",
    }
    paths = {name: path for name, path in paths.items() if reach(name, role)}
    for path in paths.values():
        assert (await reader.get(path)).status_code == 200

    rows = await seen(database)

    assert [row["operation"] for row in rows] == [*paths]
    assert {(row["role"], row["subject"]) for row in rows} <= {(role, "rob")}


TYPED = "Ann Example has a hernia"


async def test_what_was_asked_has_no_text_that_somebody_typed(ann, max_, ada, pia, database):
    ticket = await ann.create()
    path = f"/v1/tickets/{ticket['id']}"
    await max_.get("/v1/tickets", product=TYPED, account=TYPED, sort="-created_at", limit=5)
    await max_.get(f"/v1/accounts/{TYPED}")
    await max_.get("/v1/accounts/acme")
    await ada.get(f"{path}/explain", field=TYPED)
    await ada.get(f"{path}/replay", as_of=1)
    await ada.get(f"{path}/replay", as_of="2026-06-08T12:00:00Z")
    await ada.get("/v1/audit/export", account=TYPED)
    await ada.get("/v1/audit/export", format="csv", **{TYPED: TYPED})
    await pia.get("/v1/audit/access", subject=TYPED, operation=TYPED)
    await max_.tell({"id": TYPED}, "suspend")

    asked = [row["asked"] for row in await seen(database)]

    assert "hernia" not in " ".join(asked)
    assert "GET /v1/tickets?product&account&sort=-created_at&limit=5" in asked
    assert f"GET {path}/replay?as_of=1" in asked
    assert f"GET {path}/replay?as_of=2026-06-08T12:00:00Z" in asked
    assert f"GET {path}/explain?field" in asked
    assert "GET /v1/accounts/acme" in asked
    assert "GET /v1/audit/access?subject&operation" in asked


async def test_one_that_cannot_be_written_takes_no_other_with_it(app, database):
    def looked(subject: str) -> Access:
        return Access("agent", subject, "get_ticket", None, None, "GET /", "200", None, "t")

    log: AccessLog = app.state.access_log
    first = log.add(looked("max"))  # under way alone, so that the others go together
    others = [log.add(looked(name)) for name in ("a\0b", "eve", "\ud800", "ann")]
    outcomes = await asyncio.gather(first, *others, return_exceptions=True)

    assert [type(each) for each in outcomes[1:4:2]] == [Unavailable, Unavailable]
    assert [outcomes[n] for n in (0, 2, 4)] == [None, None, None]
    assert [row["subject"] for row in await seen(database)] == ["max", "eve", "ann"]


async def test_a_reason_can_go_with_its_ticket_and_the_chain_stays(ann, ada, pia, database):
    ticket = await ann.create()
    reason = {"X-Reveal-Reason": "Ann Example called"}
    await ada.get(f"/v1/tickets/{ticket['id']}", headers=reason)
    superuser = await asyncpg.connect(database.url())
    before = await superuser.fetch("select * from docket.access_events order by position")
    for role in ("docket_ticket_api", "docket_sla_clock", "docket_auditor"):
        connection = await asyncpg.connect(database.url(role))
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(
                "select docket.erase_access_reasons($1, now())", UUID(ticket["id"])
            )
        await connection.close()

    await superuser.execute("select docket.erase_access_reasons($1, now())", UUID(ticket["id"]))

    after = await superuser.fetch("select * from docket.access_events order by position")
    await superuser.close()
    shown = (await pia.get("/v1/audit/access", subject="ada")).json()["items"]
    assert before == after
    assert [row["reason"] for row in shown] == [None]
    assert before[0]["reason_digest"] is not None
