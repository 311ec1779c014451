"""What may be done with a ticket now, and for the rest why not: the answer of `actions`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import get_args

import pytest
from stories import PARENT, SOURCE, TARGET, TWO, Story, merge, split, story

from docket_events.notice import ClosureNoticeSent
from docket_events.recorded import Actor, Event, Fact
from docket_events.ticket import (
    ClosureDecided,
    InformationProvided,
    InformationRequested,
    ProductTeamEscalated,
    TicketSuspended,
)
from docket_lifecycle.actions import Action, action_of, actions
from docket_lifecycle.commands import Merge, OnTicket, Split, verb_of
from docket_lifecycle.decide import decide
from docket_lifecycle.rules.context import DecisionContext
from docket_policies.terms.loader import policy_of
from every_command import NOW, OK, TABLE, WAYS, Row
from people import (
    ANN,
    CREATED,
    MONDAY,
    NOTICE,
    OLGA,
    PETRA,
    TICKET,
    UNDER_H,
    UNDER_I,
    UNDER_M,
    june,
    text,
)

LATE = june(12, 10)
"""Later than 72 hours after Monday."""


def told(story: Story, by: Actor, at: datetime = LATE) -> Mapping[str, Action]:
    ticket = story.ticket
    found = actions(ticket, history=story.history, at=at, actor=by, policy=policy_of(ticket))
    return {action.verb: action for action in found}


def test_every_verb_on_a_ticket_has_an_answer() -> None:
    assert [*told(PARENT, OLGA)] == [verb_of(kind) for kind in get_args(OnTicket)]


def test_R_6_6_a_the_user_may_suspend_and_then_resume() -> None:
    before, after = PARENT, PARENT.then(MONDAY, TicketSuspended("ann"))

    assert told(before, ANN)["suspend"] == Action("suspend", True, "ok", "R-6.6-a", changes=True)
    assert told(before, ANN)["resume"].code == "not_suspended"
    assert told(after, ANN)["resume"].allowed
    assert told(after, OLGA)["respond"] == Action(
        "respond", False, "ticket_suspended", "R-6.6-a", "the user has suspended the ticket"
    )


def test_what_belongs_to_the_other_side_names_the_clause_that_says_so() -> None:
    assigning = told(PARENT, ANN)["assign"]

    assert (assigning.allowed, assigning.code) == (False, "actor_not_entitled")
    assert assigning.clause == "R-6.7-b"


def test_R_6_4_a_request_that_awaits_its_answer_is_the_choice() -> None:
    asked = PARENT.then(
        MONDAY,
        InformationRequested("q1"),
        InformationRequested("q2"),
        InformationProvided("q2", content=text("here")),
    )

    assert told(asked, ANN)["provide-information"].choices == {"request": ("q1",)}
    assert told(asked, OLGA)["reject-information"].choices == {"request": ("q2",)}
    assert told(PARENT, ANN)["provide-information"].code == "unknown_request"


def test_R_6_9_b_closing_for_missing_information_is_a_choice_after_72_hours_only() -> None:
    asked = PARENT.then(
        MONDAY, InformationRequested("q1", deadline=MONDAY + timedelta(hours=72), clause="R-6.9-b")
    )

    early = told(asked, OLGA, MONDAY + timedelta(hours=72))["close"].choices["reason"]
    late = told(asked, OLGA, MONDAY + timedelta(hours=72, seconds=1))["close"].choices["reason"]

    assert {*late} - {*early} == {"info_not_provided"}


def test_R_6_7_d_what_is_so_already_is_allowed_and_changes_nothing() -> None:
    again = told(PARENT.then(MONDAY, ProductTeamEscalated("the code")), OLGA)["escalate"]

    assert (again.allowed, again.changes) == (True, False)


def test_R_6_10_d_an_objection_is_tried_with_description_and_consequences() -> None:
    closing = PARENT.then(MONDAY, ClosureDecided("resolved", "R-6.9"))

    assert told(closing, ANN)["object"].code == "ticket_closing"
    assert told(PARENT, ANN)["object"].code == "ticket_not_closed"


def test_I_3_5_the_method_consented_to_is_the_choice() -> None:
    ticket = story(TICKET, UNDER_I, MONDAY)

    assert told(ticket, OLGA)["open-connection"].code == "consent_missing"
    assert told(ticket, ANN)["grant-access"].choices == {"method": ("documented", "alternative")}
    assert told(ticket, ANN)["suspend"].code == "not_in_pack"


@pytest.mark.parametrize("created", [CREATED, UNDER_I])
@pytest.mark.parametrize("kind", ["auditor", "operator"])
def test_who_is_no_side_of_the_terms_may_do_nothing(created, kind) -> None:
    found = told(story(TICKET, created, MONDAY), Actor(kind, "olga"))

    assert not any(action.allowed for action in found.values())
    assert {a.code for a in found.values()} <= {"actor_not_entitled", "not_in_pack"}


@pytest.mark.parametrize("created", [CREATED, UNDER_I, UNDER_H, UNDER_M])
def test_C_69_a_service_may_bring_what_a_person_says(created) -> None:
    found = told(story(TICKET, created, MONDAY), Actor("service", "gateway", "ann"))

    assert {verb for verb, action in found.items() if action.allowed} == {"comment"}
    assert found["provide-information"].code == "unknown_request"


def test_the_product_team_may_do_what_the_terms_give_it() -> None:
    escalated = PARENT.then(MONDAY, ProductTeamEscalated("the code"))

    may = {verb for verb, action in told(escalated, PETRA).items() if action.allowed}

    assert may == {"note", "return", "link-defect"}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.pack} {row.verb}")
def test_what_may_be_given_again_is_shown_as_possible_in_every_phase(row: Row) -> None:
    """A command that is accepted again, in its recorded wording, is an action that changes nothing.

    After the command the ticket goes on to each phase: what is recorded outlives the phase in which
    it was.
    """
    given_again = False
    for phase, comes_to in zip(WAYS[row.pack], row.comes_to, strict=True):
        if comes_to != OK:
            continue
        came = row.in_phase(phase).when(row.command, at=NOW, by=row.by)
        assert isinstance(came.answer, tuple)
        done = came.then(*came.answer)
        for way in [(), *WAYS[row.pack].values()]:
            later = [Fact(fact.event, NOW) for fact in way]
            after = replace(done, history=(*done.history, *later))
            again = after.when(row.command, at=NOW, by=row.by)
            if again.answer == ():
                given_again = True
                shown = action_of(
                    type(row.command),
                    after.ticket,
                    history=after.history,
                    at=NOW,
                    actor=row.by,
                    policy=after.terms,
                )
                assert (shown.allowed, shown.code) == (True, OK), (phase, way)

    assert given_again == row.again


CLOSED = (ClosureDecided("resolved", "R-6.10-a"), ClosureNoticeSent(june(11, 9), NOTICE, june(16)))


@pytest.mark.parametrize("later", [(), CLOSED], ids=["open", "closed"])
def test_R_6_3_b_a_division_that_is_recorded_may_be_asked_again(later: Sequence[Event]) -> None:
    parent = PARENT.then(june(11, 9), *split(PARENT, at=june(11, 9))[TICKET], *later)

    assert again(parent, TWO, ()) == {}
    shown = told(parent, OLGA)["split"]
    assert (shown.allowed, shown.changes) == (True, not later)


@pytest.mark.parametrize("later", [(), CLOSED], ids=["open", "closed"])
def test_R_6_3_a_a_combination_that_is_recorded_may_be_asked_again(later: Sequence[Event]) -> None:
    combined = merge(TARGET, [SOURCE], at=june(11, 9))
    target = TARGET.then(june(11, 9), *combined[TARGET.id], *later)
    source = SOURCE.then(june(11, 9), *combined[SOURCE.id])

    assert again(target, Merge(), (source,)) == {}
    shown = told(target, OLGA)["merge"]
    assert (shown.allowed, shown.changes) == (True, not later)


def again(story: Story, command: Split | Merge, others: Sequence[Story]) -> Mapping[object, object]:
    context = DecisionContext.of(policy_of(story.ticket), command, at=LATE, actor=OLGA)
    sources = [other.as_other for other in others]
    return decide(story.ticket, command, context, history=story.history, others=sources)
