"""The engine has the answers of an interpreter that steps through the time minute by minute."""

from random import Random

import pytest
from random_packs import MINUTE, a_history, a_pack
from stepping_oracle import Oracle

from docket_terms.course import Course
from docket_terms.pack_format import read_pack

AHEAD = 2 * 24 * 60 * MINUTE


def differences(seed: int) -> list[str]:
    """Return where the two differ on one pack and history drawn at random."""
    random = Random(seed)
    pack = read_pack(a_pack(random), "random/pack.toml")
    events = a_history(random)
    until = events[-1].at + AHEAD
    course, oracle = Course(pack), Oracle(pack, {"severity": events[0].data["severity"]})
    course.take(events)
    course.advance(until)
    oracle.run(events, until)
    told: list[tuple[str, object, object]] = [
        (name, got, wanted)
        for name, got, wanted in (
            ("facts", course.facts.values, oracle.facts),
            ("steps", [tuple(each) for each in course.steps], oracle.steps),
        )
        if got != wanted
    ]
    for name in pack.clocks:
        ended = [(each.start, each.end, each.outcome) for each in course.cycles[name]]
        wanted = [(each.start, each.end, each.outcome) for each in oracle.cycles[name]]
        if ended != wanted:
            told.append((name, ended, wanted))
            continue
        for cycle, slow in zip(course.cycles[name], oracle.cycles[name], strict=True):
            fast = cycle.due(), cycle.consumed(until)
            right = slow.due(), slow.consumed(until)
            if fast != right:
                told.append((f"{name} from {cycle.start}", fast, right))
    return [f"seed {seed}: {each}" for each in told]


def test_40_packs_and_histories_have_the_answers_of_every_minute() -> None:
    assert [told for seed in range(40) for told in differences(seed)] == []


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_5_000_packs_and_histories_have_the_answers_of_every_minute() -> None:
    assert [told for seed in range(5_000) for told in differences(seed)] == []
