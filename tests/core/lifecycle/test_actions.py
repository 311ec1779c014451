"""What may be done with a ticket now, and for the rest why not: the answer of `actions`."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import get_args

import pytest
from acme import ANN, CREATED, MONDAY, OLGA, PETRA, TICKET, UNDER_I, june, text
from stories import PARENT, Story, story

from docket_events.recorded import Actor
from docket_events.ticket import (
    ClosureDecided,
    InformationProvided,
    InformationRequested,
    ProductTeamEscalated,
    TicketSuspended,
)
from docket_lifecycle.actions import Action, actions
from docket_lifecycle.commands import OnTicket, verb_of
from docket_policies.terms.loader import policy_of

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
@pytest.mark.parametrize("kind", ["auditor", "operator", "service"])
def test_who_is_no_side_of_the_terms_may_do_nothing(created, kind) -> None:
    found = told(story(TICKET, created, MONDAY), Actor(kind, "olga"))

    assert not any(action.allowed for action in found.values())
    assert {a.code for a in found.values()} <= {"actor_not_entitled", "not_in_pack"}


def test_the_product_team_may_do_what_the_terms_give_it() -> None:
    escalated = PARENT.then(MONDAY, ProductTeamEscalated("the code"))

    may = {verb for verb, action in told(escalated, PETRA).items() if action.allowed}

    assert may == {"note", "return", "link-defect"}
