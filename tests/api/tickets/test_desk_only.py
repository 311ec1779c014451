"""What the desk keeps to itself: a note that the user never sees, wherever it looks."""

import pytest
from streaming import as_caller, hearing, serving, told

from docket_events.codec import EVENT_TYPES
from ticket_api.auth.roles import DESK_ONLY
from ticket_api.auth.tokens import Principal

SECRET = "the same fault as at another site"


@pytest.fixture
async def noted(ann, max_):
    """Ann's ticket: created, noted about, commented on, noted about again."""
    ticket = await ann.create()
    for caller, verb in ((max_, "note"), (ann, "comment"), (max_, "note")):
        done = await caller.tell(ticket, verb, text=SECRET if verb == "note" else "again")
        assert done.status_code == 200, done.text
    return ticket


async def test_a_note_is_in_no_answer_to_a_customer(ann, noted):
    place = f"/v1/tickets/{noted['id']}"
    for path in ("", "/events", "/clock", "/replay", "/why", "/diff", "/actions"):
        query = {"from": "1"} if path == "/diff" else {}
        answer = await ann.get(f"{place}{path}", **query)
        assert answer.status_code == 200, (path, answer.text)
        assert SECRET not in answer.text, path
        assert "InternalNoteAdded" not in answer.text, path


async def test_the_versions_of_a_customers_history_have_gaps(ann, max_, noted):
    place = f"/v1/tickets/{noted['id']}/events"

    seen = (await ann.get(place)).json()
    assert [event["version"] for event in seen["items"]] == [1, 3]
    assert seen["next_after"] is None
    first = (await ann.get(place, limit=1)).json()
    assert ([e["version"] for e in first["items"]], first["next_after"]) == ([1], 1)
    rest = (await ann.get(place, after=1, limit=1)).json()
    assert ([e["version"] for e in rest["items"]], rest["next_after"]) == ([3], None)

    desk = (await max_.get(place)).json()
    assert [event["version"] for event in desk["items"]] == [1, 2, 3, 4]
    assert desk["items"][1]["texts"] == {"content": SECRET}


async def test_the_version_to_send_as_if_match_is_the_same_for_all(ann, max_, noted):
    place = f"/v1/tickets/{noted['id']}"
    assert {(await each.get(place)).headers["etag"] for each in (ann, max_)} == {'"4"'}


async def test_a_note_is_in_no_stream_of_a_customer(settings, signer, http, ann, max_):
    ticket = await ann.create()
    place = f"/v1/tickets/{ticket['id']}"
    await max_.tell(ticket, "note", text=SECRET)
    async with (
        serving(settings) as address,
        as_caller(address, ann.token) as customer,
        hearing(customer, "/v1/stream", since="start") as whole,
        hearing(customer, f"{place}/stream") as one,
    ):
        await max_.tell(ticket, "note", text=SECRET)
        await ann.tell(ticket, "comment", text="again")
        assert [sent.data["version"] for sent in await whole.until(2)] == [1, 4]
        assert [sent.id for sent in await one.until(2)] == ["1", "4"]
        async with as_caller(address, max_.token) as agent:
            assert [sent.id for sent in await told(agent, f"{place}/stream", 4)] == [*"1234"]


def test_what_is_kept_at_the_desk_are_events_that_there_are():
    assert EVENT_TYPES.keys() >= DESK_ONLY


@pytest.mark.parametrize("kept", sorted(DESK_ONLY))
def test_only_customers_may_not_read_it(kept):
    assert not Principal("customer", "ann", "acme", 0).may_read(kept)
    assert Principal("agent", "max", None, 0).may_read(kept)
    assert Principal("customer", "ann", "acme", 0).may_read("ResponseSent")
