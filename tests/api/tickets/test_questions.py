"""Questions: a ticket with its texts, lists with pages, a history, a clock."""


async def test_a_ticket_shows_its_texts_to_those_who_may_see_it(ann, max_):
    ticket = await ann.create()

    for reader in (ann, max_):
        seen = (await reader.get(f"/v1/tickets/{ticket['id']}")).json()
        assert seen["description"]["text"] == "No node answers."


async def test_command_answers_carry_no_texts(ann):
    ticket = await ann.create()

    assert set(ticket["description"]) == {"id", "digest"}


async def test_the_history_tells_who_did_what_when_and_says_the_text(ann, max_):
    ticket = await ann.create()
    await max_.tell(ticket, "respond", text="Restart the agents.")

    page = (await ann.get(f"/v1/tickets/{ticket['id']}/events")).json()

    created, response = page["items"]
    assert (created["type"], response["type"]) == ("TicketCreated", "ResponseSent")
    assert response["actor"] == {"kind": "agent", "id": "max", "on_behalf_of": None}
    assert (response["version"], response["at"]) == (2, "2026-06-08T12:00:00Z")
    assert response["texts"]["content"] == "Restart the agents."
    assert page["next_after"] is None


async def test_the_history_comes_in_pages(ann):
    ticket = await ann.create()
    for n in range(4):
        await ann.tell(ticket, "comment", text=str(n))

    seen, after = [], 0
    while after is not None:
        page = (await ann.get(f"/v1/tickets/{ticket['id']}/events", after=after, limit=2)).json()
        seen += [event["version"] for event in page["items"]]
        after = page["next_after"]

    assert seen == [1, 2, 3, 4, 5]


async def test_a_list_walks_through_all_pages_without_a_miss_while_tickets_are_written(ann):
    made = [(await ann.create())["id"] for _ in range(7)]

    seen, cursor = [], None
    while True:
        page = (
            await ann.get("/v1/tickets", limit=2, **({"cursor": cursor} if cursor else {}))
        ).json()
        seen += [row["id"] for row in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
        await ann.create()

    assert sorted(seen) == sorted(made)


async def test_a_list_shows_a_customer_the_own_account_only(ann, eve, max_):
    mine, hers = await ann.create(), await eve.create()

    def ids(answer):
        return {row["id"] for row in answer.json()["items"]}

    assert ids(await ann.get("/v1/tickets")) == {mine["id"]}
    assert ids(await ann.get("/v1/tickets", account="evil")) == set()
    assert ids(await max_.get("/v1/tickets")) == {mine["id"], hers["id"]}
    assert ids(await max_.get("/v1/tickets", account="evil")) == {hers["id"]}


async def test_a_list_filters(ann, max_):
    ticket, other = await ann.create(), await ann.create(product="BILLmanager 6")
    await ann.tell(ticket, "suspend")

    async def found(**query):
        return [row["id"] for row in (await max_.get("/v1/tickets", **query)).json()["items"]]

    assert await found(status="suspended") == [ticket["id"]]
    assert await found(product="BILLmanager 6") == [other["id"]]
    assert await found(number=ticket["number"]) == [ticket["id"]]
    assert await found(priority="Emergency") == []
    assert await found(overdue=True) == []
    assert await found(due_before="2026-06-09T00:00:00Z") == []


async def test_a_cursor_of_other_filters_or_of_nobody_is_400(ann):
    for _ in range(3):
        await ann.create()
    cursor = (await ann.get("/v1/tickets", limit=1)).json()["next_cursor"]

    for query in ({"cursor": cursor, "status": "open"}, {"cursor": "abc"}, {"cursor": cursor[:-2]}):
        answer = await ann.get("/v1/tickets", **query)
        assert (answer.status_code, answer.json()["code"]) == (400, "malformed_cursor")


async def test_a_malformed_question_is_422_and_says_where(ann):
    answer = await ann.get("/v1/tickets", limit=1000)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/query/limit"


async def test_R_1_14_the_clock_has_not_started_before_the_registration_notice(ann):
    ticket = await ann.create()

    clock = (await ann.get(f"/v1/tickets/{ticket['id']}/clock")).json()

    assert clock["response_clock"]["clock_state"] == "not_started"
    assert clock["at"] == "2026-06-08T12:00:00Z"


async def test_the_openapi_document_names_every_command(http):
    document = (await http.get("/openapi.json")).json()

    assert document["openapi"].startswith("3.1")
    verbs = {path.rsplit("/", 1)[1] for path in document["paths"] if "{ticket_id}/" in path}
    assert {"suspend", "close", "object", "provide-information", "events", "clock"} <= verbs
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            if path.startswith("/v1/tickets") and method == "post":
                body = operation["requestBody"]["content"]["application/json"]
                name = body["schema"]["$ref"].rsplit("/", 1)[1]
                assert name in document["components"]["schemas"]
                assert "example" in body
