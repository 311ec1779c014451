"""Gathering: what comes while a call is under way goes together with the next one."""

import asyncio
from collections.abc import Sequence

import pytest

from docket_runtime.batcher import WORTH_A_CALL, Batcher, BatcherClosed


class Desk:
    """Answers a question by repeating it loudly; a call ends when the test says so."""

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.go = asyncio.Semaphore(0)

    async def __call__(self, questions: Sequence[str]) -> Sequence[str | Exception]:
        self.calls.append(list(questions))
        await self.go.acquire()
        if "disaster" in questions:
            raise OSError("the desk has burnt down")
        return [ValueError(q) if q.startswith("bad") else q.upper() for q in questions]


async def asked(gather: Batcher[str, str], *questions: str) -> list[asyncio.Future[str]]:
    answers = [gather.ask(question) for question in questions]
    for _ in range(5):
        await asyncio.sleep(0)
    return answers


async def test_the_first_goes_at_once_and_the_rest_together() -> None:
    desk = Desk()
    gather = Batcher[str, str](desk, limit=10)

    first = await asked(gather, "a")
    rest = await asked(gather, "b", "c", "d")
    assert desk.calls == [["a"]]
    desk.go.release()
    desk.go.release()

    assert await asyncio.gather(*first, *rest) == ["A", "B", "C", "D"]
    assert desk.calls == [["a"], ["b", "c", "d"]]


async def test_no_more_go_together_than_the_limit() -> None:
    desk = Desk()
    gather = Batcher[str, str](desk, limit=2)
    tasks = await asked(gather, "a", "b", "c", "d", "e")
    for _ in range(3):
        desk.go.release()

    await asyncio.gather(*tasks)

    assert desk.calls == [["a", "b"], ["c", "d"], ["e"]]


async def test_those_with_a_name_in_common_go_apart_and_in_order() -> None:
    desk = Desk()
    gather = Batcher[str, str](desk, limit=10, apart=lambda question: question[0])
    tasks = await asked(gather, "a1", "b1", "a2", "a3", "c1")
    for _ in range(3):
        desk.go.release()

    await asyncio.gather(*tasks)

    assert desk.calls == [["a1", "b1", "c1"], ["a2"], ["a3"]]


async def test_one_bad_question_is_one_bad_answer() -> None:
    desk = Desk()
    gather = Batcher[str, str](desk, limit=10)
    tasks = await asked(gather, "a", "bad", "c")
    desk.go.release()

    answers = await asyncio.gather(*tasks, return_exceptions=True)

    assert [answers[0], answers[2]] == ["A", "C"]
    assert isinstance(answers[1], ValueError)


async def test_a_failed_call_fails_all_its_askers_and_nobody_after() -> None:
    desk = Desk()
    gather = Batcher[str, str](desk, limit=10)
    doomed = await asked(gather, "a", "disaster")
    later = await asked(gather, "b")
    desk.go.release()
    desk.go.release()

    failures = await asyncio.gather(*doomed, return_exceptions=True)

    assert [type(failure) for failure in failures] == [OSError, OSError]
    assert await later[0] == "B"


async def test_who_has_gone_away_is_not_asked_for() -> None:
    desk = Desk()
    gather = Batcher[str, str](desk, limit=10)
    (first,) = await asked(gather, "a")
    (gone, stays) = await asked(gather, "b", "c")
    gone.cancel()
    desk.go.release()
    desk.go.release()

    assert await asyncio.gather(first, stays) == ["A", "C"]
    assert desk.calls == [["a"], ["c"]]


async def test_closing_ends_the_call_under_way_and_turns_the_others_away() -> None:
    desk = Desk()
    gather = Batcher[str, str](desk, limit=1)
    first, second = await asked(gather, "a", "b")
    desk.go.release()

    await gather.close()

    assert await first == "A"
    with pytest.raises(BatcherClosed):
        await second
    with pytest.raises(BatcherClosed):
        await gather.ask("c")


def many(first: str, count: int) -> list[str]:
    return [f"{first}{n}" for n in range(count)]


async def test_many_who_wait_go_in_two_calls_where_two_may_be_under_way() -> None:
    desk = Desk()
    gather = Batcher[str, str](desk, limit=100, calls=2)

    answers = await asked(gather, *many("a", 2 * WORTH_A_CALL))
    sent = many("a", 2 * WORTH_A_CALL)
    assert desk.calls == [sent[:WORTH_A_CALL], sent[WORTH_A_CALL:]]
    third = await asked(gather, *many("b", 2 * WORTH_A_CALL))
    assert len(desk.calls) == 2
    for _ in range(4):
        desk.go.release()

    assert await asyncio.gather(*answers) == [q.upper() for q in many("a", 2 * WORTH_A_CALL)]
    assert await asyncio.gather(*third) == [q.upper() for q in many("b", 2 * WORTH_A_CALL)]


async def test_few_who_wait_go_with_the_call_after_the_one_under_way() -> None:
    desk = Desk()
    gather = Batcher[str, str](desk, limit=100, calls=2)

    first = await asked(gather, "a")
    few = await asked(gather, *many("b", WORTH_A_CALL - 1))
    assert desk.calls == [["a"]]
    enough = await asked(gather, "c")
    assert desk.calls == [["a"], [*many("b", WORTH_A_CALL - 1), "c"]]
    desk.go.release()
    desk.go.release()

    assert len(await asyncio.gather(*first, *few, *enough)) == WORTH_A_CALL + 1


async def test_closing_lets_every_call_under_way_end() -> None:
    desk = Desk()
    gather = Batcher[str, str](desk, limit=100, calls=2)
    answers = await asked(gather, *many("a", 2 * WORTH_A_CALL))
    assert len(desk.calls) == 2
    desk.go.release()
    desk.go.release()

    await gather.close()

    assert all(answer.done() for answer in answers)
