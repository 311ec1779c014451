"""Commands on one stream take turns; what finds no turn is 503, and nothing is written."""

import asyncio
from uuid import UUID

import pytest

from docket_runtime.new_ids import new_id
from docket_runtime.store.values import Conflict
from ticket_api.commands import transact
from ticket_api.commands.turns import KeysUnderWay, Turns
from ticket_api.http.problems import Problem

ONE, OTHER = UUID(int=1), UUID(int=2)


async def test_they_come_in_the_order_in_which_they_asked() -> None:
    turns, done = Turns(), list[int]()

    async def take(n: int) -> None:
        async with turns.of([ONE]):
            await asyncio.sleep(0)
            done.append(n)

    await asyncio.gather(*(take(n) for n in range(50)))

    assert done == list(range(50))


async def test_streams_do_not_wait_for_one_another() -> None:
    turns = Turns()
    async with turns.of([ONE]), asyncio.timeout(5), turns.of([OTHER]):
        pass


async def test_who_needs_several_streams_waits_for_nobody_who_waits_for_him() -> None:
    turns, done = Turns(), list[int]()

    async def take(n: int) -> None:
        async with turns.of([ONE, OTHER] if n % 2 else [OTHER, ONE, OTHER]):
            await asyncio.sleep(0)
            done.append(n)

    await asyncio.gather(*(take(n) for n in range(20)))

    assert sorted(done) == list(range(20))


async def test_who_waits_too_long_is_told_to_come_again_and_takes_no_turn() -> None:
    turns = Turns(patience_s=0.0)
    async with turns.of([ONE]):
        with pytest.raises(Problem) as refused:
            async with turns.of([OTHER, ONE]):
                raise AssertionError("it is somebody else's turn")
    assert (refused.value.status, refused.value.code) == (503, "busy")
    assert refused.value.headers["Retry-After"] == "1"

    turns = Turns()
    async with turns.of([ONE, OTHER]):
        pass


async def test_a_turn_that_fails_or_is_given_up_ends() -> None:
    turns = Turns()
    with pytest.raises(RuntimeError):
        async with turns.of([ONE]):
            raise RuntimeError
    async with turns.of([ONE]):
        waiting = asyncio.create_task(turns.of([ONE]).__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    async with asyncio.timeout(5), turns.of([ONE]):
        pass


async def test_what_others_leave_no_room_for_is_503_and_never_refused_by_the_terms(
    ann, app, monkeypatch
):
    ticket = await ann.create()
    appender, asked = app.state.handler._appender, []

    def always_late(append):
        asked.append(append)
        late = asyncio.get_running_loop().create_future()
        late.set_result(Conflict(append.streams[0].ticket_id, 99))
        return late

    async def no_pause(attempt):
        pass

    monkeypatch.setattr(appender, "append", always_late)
    monkeypatch.setattr(transact, "pause_before", no_pause)
    answer = await ann.tell(ticket, "comment", text="It happened again.")
    bound = await ann.post(
        f"/v1/tickets/{ticket['id']}/comment", {"text": "Again."}, {"If-Match": '"1"'}
    )

    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
    assert answer.headers["retry-after"] == "1"
    assert (bound.status_code, bound.json()["code"]) == (412, "version_conflict")
    assert len(asked) == transact.ATTEMPTS + 1


@pytest.mark.parametrize("verb", ["comment", "note"])
async def test_twelve_at_once_are_written_without_a_conflict(ann, max_, app, monkeypatch, verb):
    ticket = await ann.create()
    appender, outcomes = app.state.handler._appender, []
    append = appender.append

    async def watched(each):
        outcomes.append(await append(each))
        return outcomes[-1]

    monkeypatch.setattr(appender, "append", watched)
    who = ann if verb == "comment" else max_
    answers = await asyncio.gather(
        *(who.tell(ticket, verb, text=f"message {n}") for n in range(12))
    )

    assert {answer.status_code for answer in answers} == {200}
    assert sorted(answer.json()["version"] for answer in answers) == list(range(2, 14))
    assert len(outcomes) == 12


async def test_a_ticket_that_is_merged_into_one_under_comments_is_merged(ann, max_):
    one, other = await ann.create(), await ann.create()
    comments = [
        (ann.tell(each, "comment", text=str(new_id()))) for _ in range(8) for each in (one, other)
    ]

    merged, *told = await asyncio.gather(
        max_.tell(one, "merge", sources=[other["id"]], reason="the same"), *comments
    )

    assert merged.status_code == 200, merged.text
    assert {answer.status_code for answer in told} <= {200, 409}
    refused = {answer.json()["code"] for answer in told if answer.status_code == 409}
    assert refused <= {"ticket_merged"}


async def test_twenty_changes_of_one_account_at_once_are_all_recorded(max_):
    answers = await asyncio.gather(
        *(max_.post("/v1/accounts/acme/contacts", {"contact": f"p{n}"}) for n in range(20))
    )

    assert {answer.status_code for answer in answers} == {200}
    known = (await max_.get("/v1/accounts/acme")).json()["contacts"]
    assert sorted(each["contact"] for each in known) == sorted(f"p{n}" for n in range(20))


async def test_a_request_that_is_repeated_meanwhile_waits_for_its_answer_and_appends_nothing(
    ann, app, monkeypatch
):
    ticket = await ann.create()
    appender, asked = app.state.handler._appender, []
    append = appender.append

    def watched(each):
        asked.append(each)
        return append(each)

    monkeypatch.setattr(appender, "append", watched)
    answers = await asyncio.gather(
        *(
            ann.post(
                f"/v1/tickets/{ticket['id']}/comment", {"text": "Again."}, {"Idempotency-Key": "k"}
            )
            for _ in range(30)
        )
    )

    assert {answer.content for answer in answers} == {answers[0].content}
    assert sum("idempotent-replayed" in answer.headers for answer in answers) == 29
    assert len(asked) == 1


async def test_where_the_first_of_a_key_fails_the_next_is_carried_out() -> None:
    keys = KeysUnderWay()
    with pytest.raises(RuntimeError):
        async with keys.of(b"k"):
            raise RuntimeError
    async with keys.of(b"k") as alone, keys.of(b"other") as too, keys.of(None) as unnamed:
        assert (alone, too, unnamed) == (True, True, True)
        waiting = asyncio.create_task(keys.of(b"k").__aenter__())
        await asyncio.sleep(0)
        assert not waiting.done()
    assert await waiting is False


async def test_who_waits_too_long_for_the_first_of_a_key_comes_again() -> None:
    keys = KeysUnderWay(patience_s=0.0)
    async with keys.of(b"k"):
        with pytest.raises(Problem, match="busy"):
            await keys.of(b"k").__aenter__()
