"""Excusing a breach: the breach stays, its excuse stands beside it, no clock moves."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from msgspec import structs
from stories import PARENT, Story, story

from docket_events.clock import ResponseOverdue
from docket_events.desk import BreachExcused
from docket_events.notice import ClosureNoticeSent
from docket_events.recorded import Fact
from docket_events.ticket import ClosureDecided, ResponseSent, UserReplied
from docket_lifecycle.actions import Action, actions
from docket_policies.clock.response_clock import response_clock
from docket_policies.deadlines.timers import timers
from every_command import BEGIN, BREACHED, EXCUSE, later
from people import (
    ANN,
    CREATED,
    INFRASTRUCTURE,
    NOTICE,
    OLGA,
    PETRA,
    REGULATIONS,
    TICKET,
    june,
    text,
)
from sentences import Given, given

DUE = june(8, 17)
NOON = june(9, 12)
EXCUSED = BreachExcused(1, "force_majeure", "R-7.2-c", "olga", DUE)


def breached(pack: str = "R") -> Given:
    return given(*BEGIN[pack], *BREACHED)


def test_R_7_2_c_a_breach_is_excused_by_whoever_answers_for_it() -> None:
    by_max = replace(EXCUSE, approver="max")

    breached().when(by_max, at=NOON, by=OLGA).then(replace(EXCUSED, approver="max"))


def test_I_7_9_a_breach_is_excused_under_pack_i_by_its_own_list() -> None:
    for reason, clause in (("user_breach", "I-7.9-a"), ("updates_not_installed", "I-7.1")):
        breached("I").when(replace(EXCUSE, reason=reason), at=NOON, by=OLGA).then(
            BreachExcused(1, reason, clause, "olga", DUE)
        )
    assert "updates_not_installed" not in REGULATIONS.excuses
    assert "information_inaccurate" in INFRASTRUCTURE.excuses


def test_R_7_2_the_same_excuse_is_already_so_and_another_is_refused() -> None:
    story = breached().when(EXCUSE, at=NOON, by=OLGA).then(EXCUSED)

    story.when(EXCUSE, at=june(10, 12), by=OLGA).then_already_so()
    for other in (replace(EXCUSE, reason="user_breach"), replace(EXCUSE, approver="max")):
        story.when(other, at=NOON, by=OLGA).then_refused("already_excused", "R-7.2")


@pytest.mark.parametrize(
    ("at", "code"), [(DUE, "not_breached"), (june(8, 17, 0, 1), None)], ids=["in time", "late"]
)
def test_C_54_the_deadline_itself_is_no_breach_to_excuse(at: datetime, code: str | None) -> None:
    came = breached().when(EXCUSE, at=at, by=OLGA)

    if code is None:
        came.then(EXCUSED)
    else:
        came.then_refused(code, "R-7.2")


@pytest.mark.parametrize("turn", [-1, 0, 2])
def test_R_7_2_a_turn_that_there_is_not_is_refused(turn: int) -> None:
    breached().when(replace(EXCUSE, turn=turn), at=NOON, by=OLGA).then_refused(
        "unknown_turn", "R-7.2"
    )


def test_R_7_2_a_ticket_whose_clock_never_started_has_no_turn_to_excuse() -> None:
    given(BEGIN["R"][0]).when(EXCUSE, at=NOON, by=OLGA).then_refused("unknown_turn", "R-7.2")


def test_C_14_each_turn_has_its_own_breach_and_its_own_excuse() -> None:
    first = breached().when(EXCUSE, at=NOON, by=OLGA).then(EXCUSED)
    again = Given((*first.history, *later(ResponseSent(), UserReplied())))

    again.when(replace(EXCUSE, turn=2), at=NOON, by=OLGA).then_refused("not_breached", "R-7.2")
    again.when(replace(EXCUSE, turn=2), at=june(10), by=OLGA).then(
        replace(EXCUSED, turn=2, due_at=june(9, 17))
    )


def test_R_6_10_a_a_breach_is_excused_after_the_closing_too() -> None:
    told = later(ClosureDecided("resolved", "R-6.10-a"), ClosureNoticeSent(NOON, NOTICE, june(15)))

    given(*breached().history, *told).when(EXCUSE, at=june(20), by=OLGA).then(EXCUSED)


def test_R_7_2_an_excuse_is_for_the_provider_to_give() -> None:
    for by in (ANN, PETRA):
        breached().when(EXCUSE, at=NOON, by=by).then_refused("actor_not_entitled", "R-7.2")


@pytest.mark.parametrize("pack", ["R", "I"])
def test_C_14_an_excuse_changes_no_clock_no_timer_and_nothing_of_the_ticket(pack: str) -> None:
    before = breached(pack)
    told = given(*before.history, *later(ResponseOverdue(1, DUE, "R-6.7-EM")))
    after = Given((*told.history, Fact(EXCUSED, NOON)))

    for at in (NOON, june(12), june(30)):
        assert response_clock(after.history, after.terms, at) == response_clock(
            told.history, told.terms, at
        )
    assert timers(after.history, after.terms) == timers(told.history, told.terms)
    assert after.ticket == structs.replace(told.ticket, version=len(after.history), updated_at=NOON)


def test_R_7_2_the_breached_turns_and_the_reasons_are_the_choices() -> None:
    answered = PARENT.then(june(20), ResponseSent(), UserReplied(text("so?")))

    told = _excusing(answered, june(21))
    assert (told.allowed, told.changes) == (True, True)
    assert told.choices == {"turn": (1,), "reason": tuple(REGULATIONS.excuses)}
    assert _excusing(PARENT, june(8, 10)).code == "not_breached"
    excused = answered.then(june(21), replace(EXCUSED, approver="max"))
    assert _excusing(excused, june(30)).choices["turn"] == (2,)


def test_R_7_2_an_excuse_that_is_recorded_may_be_given_again_and_changes_nothing() -> None:
    """Whoever approved it: what the command accepts, the actions do not deny."""
    by_max = breached().when(replace(EXCUSE, approver="max"), at=june(30), by=OLGA)
    excused = by_max.then(replace(EXCUSED, approver="max"))

    excused.when(replace(EXCUSE, approver="max"), at=june(30), by=OLGA).then_already_so()
    told = _excusing(Story(TICKET, excused.history), june(30))
    assert (told.allowed, told.code, told.changes) == (True, "ok", False)
    assert told.choices == {"turn": (1,), "reason": ("force_majeure",)}


def test_C_13_beyond_the_years_of_the_calendar_an_action_is_refused_and_not_guessed() -> None:
    beyond = datetime(2035, 6, 8, 9, tzinfo=UTC)
    ticket = story(TICKET, CREATED, beyond)

    found = actions(
        ticket.ticket, history=ticket.history, at=beyond, actor=OLGA, policy=REGULATIONS
    )
    told = {action.verb: (action.code, action.clause) for action in found}

    assert told["excuse-breach"] == told["split"] == ("calendar_year_missing", "C-13")
    assert told["suspend"] == ("actor_not_entitled", "R-6.6-a")
    given(*ticket.history).when(EXCUSE, at=beyond, by=ANN).then_refused(
        "actor_not_entitled", "R-7.2"
    )


def _excusing(story: Story, at: datetime) -> Action:
    ticket = story.ticket
    found = actions(ticket, history=story.history, at=at, actor=OLGA, policy=REGULATIONS)
    return next(action for action in found if action.verb == "excuse-breach")
