"""A ticket of somebody else costs what a missing one costs, so that time tells nothing (S-8)."""

import pytest

from docket_events import codec
from docket_runtime.store import history
from ticket_api.tickets import reader

PATHS = ["", "/clock", "/events", "/actions", "/replay?as_of=1", "/attachments", "/why?as_of=1"]


@pytest.fixture
def work(monkeypatch):
    """Count what is read of the log, decoded and folded."""
    counted = {"reads": 0, "rows": 0, "decoded": 0, "folds": 0}
    read = history._read

    async def reading(*arguments):
        found = await read(*arguments)
        counted["reads"] += 1
        counted["rows"] += sum(map(len, found.values()))
        return found

    def count(owner, name, what):
        original = getattr(owner, name)

        def counting(*arguments, **named):
            counted[what] += 1
            return original(*arguments, **named)

        monkeypatch.setattr(owner, name, counting)

    monkeypatch.setattr(history, "_read", reading)
    count(codec, "decode", "decoded")
    count(reader, "fold", "folds")
    return counted


async def cost(work, ask) -> tuple[int, dict[str, int]]:
    before = dict(work)
    answer = await ask()
    return answer.status_code, {name: work[name] - before[name] for name in work}


@pytest.mark.parametrize("path", PATHS)
async def test_reading_a_long_foreign_ticket_is_the_work_of_a_missing_one(ann, eve, work, path):
    ticket = await ann.create()
    for n in range(30):
        await ann.tell(ticket, "comment", text=f"message {n}")
    foreign = f"/v1/tickets/{ticket['id']}{path}"
    missing = f"/v1/tickets/{ticket['id'][:-4]}0000{path}"

    assert await cost(work, lambda: eve.get(foreign)) == await cost(work, lambda: eve.get(missing))
    status, spent = await cost(work, lambda: eve.get(foreign))
    assert (status, spent["rows"], spent["decoded"]) == (404, 0, 0)


async def test_a_command_on_a_long_foreign_ticket_is_the_work_of_a_missing_one(ann, eve, work):
    ticket = await ann.create()
    for n in range(30):
        await ann.tell(ticket, "comment", text=f"message {n}")
    missing = {"id": f"{ticket['id'][:-4]}0000"}

    spent = [
        await cost(work, lambda each=each: eve.tell(each, "comment", text="mine"))
        for each in (ticket, missing)
    ]

    assert spent[0] == spent[1]
    assert (spent[0][0], spent[0][1]["decoded"]) == (404, 0)
