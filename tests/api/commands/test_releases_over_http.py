"""POST /v1/defects/{plan_reference}/released: all tickets about a defect are told (I-3.9.1-c)."""

import asyncpg
import pytest

from docket_events.desk import DefectLinked
from docket_runtime.store.defects import tickets_linked_to

UNDER_I = {"edition": "Infrastructure", "service_level": "Standard", "priority": "Low"}


async def told(caller, ticket) -> list[dict[str, str]]:
    history = (await caller.get(f"/v1/tickets/{ticket['id']}/events")).json()["items"]
    return [each["data"] for each in history if each["type"] == "UpdateReleased"]


async def linked(caller, max_, reference="VM-4711", **more):
    ticket = await caller.create(**more)
    answer = await max_.tell(ticket, "link-defect", plan_reference=reference)
    assert answer.status_code == 200, answer.text
    return ticket


@pytest.mark.parametrize("role", ["product_team", "service"])
async def test_every_linked_ticket_of_every_account_and_pack_is_told(ann, eve, max_, as_, role):
    tickets = [
        await linked(ann, max_),
        await linked(ann, max_, **UNDER_I),
        await linked(eve, max_, **UNDER_I),
    ]
    others = [await ann.create(), await linked(ann, max_, "VM-47")]

    answer = await as_(role, "pipeline").post("/v1/defects/VM-4711/released", {"version": "6.1"})

    assert (answer.status_code, answer.json()) == (
        200,
        {"plan_reference": "VM-4711", "version": "6.1", "tickets": 3, "failed": []},
    )
    out = [{"plan_reference": "VM-4711", "version": "6.1"}]
    assert [await told(max_, each) for each in tickets] == [out] * 3
    assert [await told(max_, each) for each in others] == [[]] * 2
    shown = (await ann.get(f"/v1/tickets/{tickets[0]['id']}")).json()["work"]
    assert (shown["defects"], shown["released"]) == (["VM-4711"], ["VM-4711"])


async def test_saying_it_again_tells_those_that_were_linked_since(ann, max_, as_):
    petra = as_("product_team", "petra")
    first = await linked(ann, max_)
    await petra.post("/v1/defects/VM-4711/released")
    late = await linked(ann, max_)

    again = await petra.post("/v1/defects/VM-4711/released")

    assert again.json()["tickets"] == 2
    assert [len(await told(max_, each)) for each in (first, late)] == [1, 1]


async def test_the_same_key_gives_the_first_answer_again(ann, max_, as_):
    petra, key = as_("product_team", "petra"), {"Idempotency-Key": "release-6.1"}
    await linked(ann, max_)
    first = await petra.post("/v1/defects/VM-4711/released", {"version": "6.1"}, key)
    late = await linked(ann, max_)

    again = await petra.post("/v1/defects/VM-4711/released", {"version": "6.1"}, key)
    other = await petra.post("/v1/defects/VM-4711/released", {"version": "6.2"}, key)
    another = await as_("service", "petra").post("/v1/defects/VM-4711/released", {}, key)

    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert again.content == first.content
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert another.json()["tickets"] == 2
    assert len(await told(max_, late)) == 1


async def test_a_defect_of_no_ticket_has_nobody_to_tell(as_):
    key = {"Idempotency-Key": "k"}
    for replayed in (False, True):
        answer = await as_("service", "ci").post("/v1/defects/VM-1/released", {}, key)
        assert (answer.status_code, answer.json()["tickets"]) == (200, 0)
        assert ("idempotent-replayed" in answer.headers) is replayed


@pytest.mark.parametrize("reference", ["a/b", "#7(b)", "VM-1.2+3", "x:y"])
async def test_a_reference_is_found_however_it_is_written(ann, max_, as_, reference):
    ticket = await linked(ann, max_, reference)
    quoted = "".join(f"%{byte:02X}" for byte in reference.encode())

    answer = await as_("product_team", "petra").post(f"/v1/defects/{quoted}/released")

    assert (answer.status_code, answer.json()["tickets"]) == (200, 1), answer.text
    assert len(await told(max_, ticket)) == 1


@pytest.mark.parametrize("role", ["customer", "agent", "auditor", "privacy_officer", "operator"])
async def test_nobody_else_may_say_so(ann, max_, as_, role):
    ticket = await linked(ann, max_)

    answer = await as_(role, "ann", "acme").post("/v1/defects/VM-4711/released")

    assert (answer.status_code, answer.json()["code"]) == (403, "actor_not_entitled")
    assert await told(max_, ticket) == []


async def test_what_fails_for_one_ticket_stops_no_other_and_is_kept_under_no_key(
    ann, max_, as_, app, monkeypatch
):
    tickets = [await linked(ann, max_) for _ in range(3)]
    broken = tickets[1]["id"]
    handler = app.state.handler
    transact = type(handler).transact

    async def failing(self, decider, request):
        if str(decider.stream) == broken:
            raise RuntimeError("a fault of this ticket")
        return await transact(self, decider, request)

    petra, key = as_("product_team", "petra"), {"Idempotency-Key": "k"}
    monkeypatch.setattr(type(handler), "transact", failing)
    first = await petra.post("/v1/defects/VM-4711/released", {}, key)
    monkeypatch.undo()
    again = await petra.post("/v1/defects/VM-4711/released", {}, key)

    assert first.json()["tickets"] == 2
    assert [(each["ticket_id"], each["code"]) for each in first.json()["failed"]] == [
        (broken, "internal_error")
    ]
    assert (again.json()["tickets"], again.json()["failed"]) == (3, [])
    assert [len(await told(max_, each)) for each in tickets] == [1, 1, 1]


async def test_the_links_of_a_defect_are_found_by_their_index(database):
    connection = await asyncpg.connect(database.url("docket_ticket_api"))
    try:
        await connection.execute("set enable_seqscan = off")
        plan = await connection.fetch(
            "explain select distinct ticket_id from docket.events"
            " where type = 'DefectLinked' and body = $1 order by ticket_id",
            b"{}",
        )
        assert any("events_defect_idx" in row[0] for row in plan)
        assert await tickets_linked_to(connection, "nothing") == ()
    finally:
        await connection.close()
    assert [*DefectLinked.__dataclass_fields__] == ["plan_reference"]  # else the bodies differ
