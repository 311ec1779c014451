"""Every command that a worked scenario of the packs R, I and M asks about, answered by the rules.

Commands that are about no ticket (publishing a revision, buying, installing) are answered by
eligibility and left to it.
"""

import pytest
from scenario_checks import (
    BESIDE,
    CONFIRMED,
    STANDING,
    Check,
    about_a_ticket,
    asked_of,
    checks,
    command_of,
    scenarios,
    sources_of,
)

from docket_lifecycle.commands import Create, Merge, Split
from docket_lifecycle.decide import decide
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import DecisionContext
from docket_lifecycle.rules.opening import admitted
from docket_lifecycle.state.fold import fold
from people import ANN, OLGA, TICKET

ACTORS = {"user": ANN, "partner": ANN, "sublicensee": ANN, "agent": OLGA}


def answer(check: Check) -> tuple[str, str]:
    """Return the code and the clause that the rules give."""
    command, terms, at = command_of(check), check.terms, check.at
    actor = ACTORS[check.asked["actor"]]
    try:
        context = DecisionContext.of(terms, command, at=at, actor=actor)
        if isinstance(command, Create):
            return "ok", admitted(command, context)
        ticket = fold(TICKET, check.history)
        assert ticket is not None
        others = sources_of(check) if isinstance(command, Merge) else ()
        decided = decide(ticket, command, context, history=check.history, others=others)
        if isinstance(command, Split | Merge):
            assert len(decided) == 2
            return "ok", context.clause
        events = decided[TICKET]
    except Refused as refused:
        return refused.code, refused.clause
    return "ok", getattr(events[0], "clause", context.clause) if events else context.clause


CHECKS = list(checks())


@pytest.mark.parametrize("check", CHECKS, ids=str)
def test_a_command_of_a_scenario(check: Check) -> None:
    expected = check.asked["expect"]

    assert answer(check) == (expected["code"], expected["clause"])


def test_what_is_left_to_eligibility_is_about_no_ticket() -> None:
    left = {
        asked["command"]
        for scenario in scenarios().values()
        if scenario["pack"] in ("R", "I", "M")
        for asked in asked_of(scenario)
        if not about_a_ticket(asked)
    }

    assert left == {
        "disclose_settings",
        "install_update",
        "publish_revision",
        "purchase_extension",
        "recommend_client_area_ticket",
        "renew_ispmanager5",
    }
    assert len(CHECKS) == 66


def test_every_word_that_is_added_belongs_to_a_check() -> None:
    assert {*BESIDE, *STANDING, *CONFIRMED} <= {check.key for check in CHECKS}
