"""Every command that a worked scenario of the packs R and I asks about, answered by the rules.

Commands that are about no ticket (publishing a revision, buying, installing) are answered by
eligibility and left to it.
"""

import json

import pytest
from scenario_checks import (
    BESIDE,
    Check,
    about_a_ticket,
    asked_of,
    checks,
    scenarios,
)
from scenario_commands import CONFIRMED, STANDING, command_of, sources_of

from docket_events.codec import encode, type_of
from docket_events.recorded import Event
from docket_lifecycle.commands import Create, Merge, Split
from docket_lifecycle.decide import decide
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.rules.opening.creation import admitted
from docket_lifecycle.state.fold import fold
from people import ANN, OLGA, TICKET

ACTORS = {"user": ANN, "partner": ANN, "sublicensee": ANN, "agent": OLGA}


def answer(check: Check) -> tuple[str, str, list[Event]]:
    """Return the code and the clause that the rules give, and the events."""
    command, terms, at = command_of(check), check.terms, check.at
    actor = ACTORS[check.asked["actor"]]
    try:
        context = DecisionContext.of(terms, command, at=at, actor=actor)
        if isinstance(command, Create):
            return "ok", admitted(command, context), []
        ticket = fold(TICKET, check.history)
        assert ticket is not None
        others = sources_of(check) if isinstance(command, Merge) else ()
        decided = decide(ticket, command, context, history=check.history, others=others)
        if isinstance(command, Split | Merge):
            assert len(decided) == 2
            return "ok", context.clause, [event for each in decided.values() for event in each]
        events = decided[TICKET]
    except Refused as refused:
        return refused.code, refused.clause, []
    clause = getattr(events[0], "clause", context.clause) if events else context.clause
    return "ok", clause, [*events]


CHECKS = list(checks())


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_a_command_of_a_scenario(check: Check) -> None:
    expected = check.asked["expect"]
    code, clause, events = answer(check)

    assert (code == "ok", code) == (expected["allowed"], expected.get("code", code))
    assert clause == expected.get("clause", clause)
    if "events" in expected:
        told = [(type_of(event), json.loads(encode(event))) for event in events]
        assert [name for name, _ in told] == [event["type"] for event in expected["events"]]
        for (_, data), event in zip(told, expected["events"], strict=True):
            wanted = event.get("data", {})
            assert {name: data[name] for name in wanted} == wanted


def test_what_is_left_to_eligibility_is_about_no_ticket() -> None:
    left = {
        asked["command"]
        for scenario in scenarios().values()
        if scenario["pack"] in ("R", "I")
        for asked in asked_of(scenario)
        if not about_a_ticket(asked)
    }

    assert left == {
        "disclose_settings",
        "install_update",
        "publish_revision",
        "purchase_extension",
        "recommend_client_area_ticket",
    }
    assert len(CHECKS) == 137


def test_every_word_that_is_added_belongs_to_a_check() -> None:
    assert {*BESIDE, *STANDING, *CONFIRMED} <= {check.key for check in CHECKS}
