"""The queue in the order of the terms, and the list by what they serve (H-policy-3, C-69)."""

import re

import asyncpg
import pytest

H = {"product": "H-Sphere", "account_id": "acme"}


async def queue(reader, **query):
    seen, cursor = [], None
    while True:
        page = (
            await reader.get(
                "/v1/tickets",
                sort="queue",
                limit=2,
                **query,
                **({"cursor": cursor} if cursor else {}),
            )
        ).json()
        seen += [row["number"] for row in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            return seen


async def test_H_policy_3_an_emergency_overtakes_and_the_priority_plan_comes_first(max_):
    async def opened(subject, plan):
        return (await max_.create(**H, subject=subject, plan=plan))["number"]

    ordinary = await opened("a question", "regular")
    down = await opened("server down", "regular")
    mail = await opened("server down: mail server", "regular")
    paid = await opened("a question", "priority")
    paid_down = await opened("server is down", "priority")

    assert await queue(max_) == [paid_down, paid, mail, down, ordinary]


async def test_the_console_shows_the_same_order(max_, http, signer):
    for subject in ("a question", "server down", "server down: web server"):
        await max_.create(**H, subject=subject)
    http.cookies.set("docket_console", signer.token("agent", "max"))

    page = (await http.get("/console", params={"sort": "queue"})).text

    shown = re.findall(r'<th scope="row"><a [^>]+>([^<]+)</a>', page)
    assert len(shown) == 3
    assert shown == await queue(max_)


async def test_R_6_7_b_within_a_priority_what_was_received_first_goes_first(ann, max_):
    first, second, third = [await ann.create() for _ in range(3)]
    await max_.tell(third, "prioritize", priority="High", reason="half of it")

    assert await queue(max_) == [t["number"] for t in (third, first, second)]


async def test_the_queue_goes_by_what_is_due_where_something_is(ann, max_, database):
    first, second = [await ann.create() for _ in range(2)]
    superuser = await asyncpg.connect(database.url())
    await superuser.execute(
        """insert into docket.clocks
        select partition, ticket_id, 1, 1, 'running', priority, 'R-6.7-LOW', created_at, 1, 0,
            false, null, updated_at from docket.tickets where number = $1""",
        second["number"],
    )
    await superuser.close()

    assert await queue(max_) == [second["number"], first["number"]]


@pytest.mark.parametrize(
    ("supported", "numbers"),
    [("false", [0]), ("unknown", [1]), ("true", [2]), ("true,false", [0, 2])],
)
async def test_C_69_a_list_shows_what_is_served_or_not(ann, supported, numbers):
    made = [await ann.create(kind=kind) for kind in ("training", None, "vm_import")]

    listed = (await ann.get("/v1/tickets", supported=supported, sort="created_at")).json()["items"]

    assert {row["number"] for row in listed} == {made[n]["number"] for n in numbers}
    assert {row["supported"] for row in listed} == set(supported.split(","))
