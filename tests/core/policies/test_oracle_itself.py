"""The oracle against the answers that were worked out by hand: who tests the tester.

Before a random history may say that the clock is wrong, the walk through its minutes has to be
right about every history of packs R and I whose answer is known. No clock of the terms is asked.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from oracle_rules import RULES_OF_R, Rules, rules_of_i, with_agreed
from oracles import walked, walked_clock

from histories import at, history_of, shared, written


def rules_of(pack: str, policy: Any) -> Rules:
    level = policy.get("service_level")
    rules = RULES_OF_R if pack == "R" else rules_of_i(policy["product"], level)
    return with_agreed(rules, policy.get("special_conditions", {}))


def told() -> Iterator[tuple[str, Rules, Any, Any]]:
    """Yield all worked questions: an id, the rules, the events, and the check."""
    for history in shared("histories.json"):
        rules = rules_of(history["policy"]["pack"], history["policy"])
        for check in history["checks"]:
            yield history["id"], rules, history["events"], {"ask": "response_clock", **check}
    for scenario in shared("scenarios.json")["scenarios"]:
        if scenario["pack"] in ("R", "I") and scenario["events"]:
            rules = rules_of(scenario["pack"], scenario["policy"])
            for check in scenario["checks"]:
                yield scenario["id"], rules, scenario["events"], check


def asks(ask: str, **of: str) -> list[Any]:
    return [
        pytest.param(rules, events, check, id=f"{name}-{check['at']}")
        for name, rules, events, check in told()
        if check["ask"] == ask and "at" in check and of.items() <= check.items()
    ]


@pytest.mark.parametrize(("rules", "events", "check"), asks("response_clock"))
def test_the_walk_gives_the_clock_that_was_worked_out(
    rules: Rules, events: Any, check: Any
) -> None:
    answer = walked_clock(history_of(events), at(check["at"]), rules)
    assert {name: answer[name] for name in check["expect"]} == check["expect"]


@pytest.mark.parametrize(("rules", "events", "check"), asks("timer", name="TicketAutoClosed"))
def test_I_3_6_the_walk_knows_when_silence_closes_a_ticket(
    rules: Rules, events: Any, check: Any
) -> None:
    walk = walked(history_of(events), at(check["at"]), rules)
    assert written(walk.silent_until()) == (check["expect"] or {"fires_at": None})["fires_at"]


@pytest.mark.parametrize(("rules", "events", "check"), asks("info_deadline_last_valid_instant"))
def test_R_6_9_b_the_walk_knows_the_last_instant_of_an_answer(
    rules: Rules, events: Any, check: Any
) -> None:
    walk = walked(history_of(events), at(check["at"]), rules)
    assert written(walk.requests[check["request"]].last_instant) == check["expect"]


def test_the_worked_questions_are_many() -> None:
    assert len(asks("response_clock")) >= 199
