"""What a command is answered with: the ticket after it, a refusal with its clause, a problem."""

import pytest

UNKNOWN = "01990000-0000-7000-8000-000000000000"


async def test_create_answers_201_with_the_ticket_its_version_and_its_place(ann):
    answer = await ann.post("/v1/tickets", {"product": "VMmanager 6", "description": "Down."})

    ticket = answer.json()
    assert answer.status_code == 201
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["location"] == f"/v1/tickets/{ticket['id']}"
    assert (ticket["status"], ticket["version"], ticket["account_id"]) == ("open", 1, "acme")
    assert ticket["number"].startswith("DKT-")


async def test_R_6_5_a_new_ticket_is_Low_whatever_the_user_wishes(ann):
    wish = {"requested_priority": "Emergency", "justification": "All nodes are down."}
    ticket = await ann.create(**wish)

    assert (ticket["priority"], ticket["requested_priority"]) == ("Low", "Emergency")


async def test_R_6_5_a_wish_without_reasons_is_refused(ann):
    answer = await ann.post(
        "/v1/tickets", {"product": "VMmanager 6", "requested_priority": "Emergency"}
    )

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (problem["code"], problem["clause"]) == ("justification_required", "R-6.5")


async def test_R_6_6_a_suspending_twice_is_refused_with_the_clause(ann):
    ticket = await ann.create()
    assert (await ann.tell(ticket, "suspend")).json()["status"] == "suspended"

    answer = await ann.tell(ticket, "suspend")

    assert answer.status_code == 409
    assert (answer.json()["code"], answer.json()["clause"]) == ("already_suspended", "R-6.6-a")


async def test_R_6_6_a_an_agent_may_never_suspend(ann, max_):
    ticket = await ann.create()

    answer = await max_.tell(ticket, "suspend")

    assert answer.status_code == 403
    assert (answer.json()["code"], answer.json()["clause"]) == ("actor_not_entitled", "R-6.6-a")


async def test_the_same_priority_again_changes_nothing(ann, max_):
    ticket = await ann.create()

    answer = await max_.tell(ticket, "prioritize", priority="Low", reason="as it is")

    assert (answer.status_code, answer.json()["version"]) == (200, 1)


async def test_another_accounts_ticket_looks_exactly_like_a_missing_one(ann, eve):
    ticket = await ann.create()

    foreign = await eve.tell(ticket, "suspend")
    missing = await eve.tell({"id": UNKNOWN}, "suspend")

    def shown(answer):
        return {k: v for k, v in answer.json().items() if k != "trace_id"}

    assert foreign.status_code == missing.status_code == 404
    assert shown(foreign) == shown(missing)
    assert shown(await eve.get(f"/v1/tickets/{ticket['id']}")) == shown(missing)


async def test_a_customer_opens_tickets_of_the_own_account_only(ann):
    answer = await ann.post("/v1/tickets", {"product": "VMmanager 6", "account_id": "evil"})

    assert (answer.status_code, answer.json()["code"]) == (403, "actor_not_entitled")


async def test_an_agent_names_the_account(max_):
    nameless = await max_.post("/v1/tickets", {"product": "VMmanager 6", "channel": "phone"})
    named = await max_.create(channel="phone", account_id="acme", requester_id="ann")

    assert nameless.status_code == 422
    assert nameless.json()["errors"][0]["pointer"] == "/account_id"
    assert (named["account_id"], named["requester_id"]) == ("acme", "ann")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"product": "VM", "status": "closed"}, "/status"),
        ({"product": ""}, "/product"),
        ({"product": "V\x00M"}, "/product"),
        ({"product": "x" * 201}, "/product"),
        ({"product": "VM", "channel": "pigeon"}, "/channel"),
        ({"product": "VM", "contact": {"email": "a\r\nBcc: b@c"}}, "/contact/email"),
        ({}, "/product"),
        (b'{"product": "\\ud800"}', ""),
        (b'{"product": "V', ""),
        (b"[]", ""),
        (b"\xff\xfe", ""),
        (b'{"product": ' + b"[" * 5000, ""),
    ],
)
async def test_a_malformed_body_is_422_and_says_where(ann, body, pointer):
    answer = await ann.post("/v1/tickets", body)

    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert pointer in [error["pointer"] for error in answer.json()["errors"]]


async def test_a_body_beyond_the_limit_is_413(ann):
    answer = await ann.post("/v1/tickets", b'{"product": "' + b"x" * 300_000 + b'"}')

    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


@pytest.mark.parametrize(
    "media_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonl", ""]
)
async def test_a_body_that_is_not_json_is_415(ann, media_type):
    answer = await ann.post("/v1/tickets", b'{"product": "VM"}', {"Content-Type": media_type})

    assert (answer.status_code, answer.json()["code"]) == (415, "not_json")


async def test_what_no_route_knows_is_a_problem_document_too(ann):
    unknown = await ann.get("/v1/nothing")
    wrong = await ann.http.delete("/v1/tickets")

    assert (unknown.status_code, wrong.status_code) == (404, 405)
    assert unknown.headers["content-type"] == "application/problem+json"
    assert wrong.headers["content-type"] == "application/problem+json"
    assert "POST" in wrong.headers["allow"]
