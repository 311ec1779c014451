"""Merges, parts, objections and messages over HTTP: what is handed on, whose turn it is.

C-57, C-59, C-60, C-62. 2026-06-08 is a Monday; no holiday lies near it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from calls import Call
from timed_api import TimedApi

from docket_events.notice import ClosureNoticeSent, RegistrationNoticeSent
from docket_events.recorded import Actor, Event, Fact
from docket_events.teams import DeveloperConsultationStarted
from docket_events.ticket import PriorityChanged, ResponseSent, TicketCreated
from docket_events.waits import ThirdPartyResponseReceived, ThirdPartyWaitStarted
from people import ANN, CREATED, NOTICE, OLGA, UNDER_I, june

WAITED = (
    Fact(ThirdPartyWaitStarted("v1"), june(8, 11)),
    Fact(ThirdPartyResponseReceived("v1"), june(10, 11)),
)
REFUSED = {"reason": "it is not the product"}
OBJECTION = {"description": "still broken", "consequences": "the cluster is down"}


def past(api: TimedApi, first: TicketCreated, at: datetime, *later: Event | Fact) -> UUID:
    """Write a ticket that was created and registered at an instant; return its id."""
    facts = [each if isinstance(each, Fact) else Fact(each, at) for each in later]
    return api.past([Fact(first, at), Fact(RegistrationNoticeSent(at, NOTICE), at), *facts])


def clock(api: TimedApi, ticket: UUID) -> dict[str, Any]:
    return api.get(OLGA, f"/v1/tickets/{ticket}/clock").json()  # type: ignore[no-any-return]


def shown(api: TimedApi, ticket: UUID) -> dict[str, Any]:
    """Return what a response clock shows, without its turns: they have another past each."""
    told = clock(api, ticket)["response_clock"]
    names = ("clock_state", "deadline", "consumed_s", "remaining_s", "overdue", "clause")
    return {name: told[name] for name in names}


def gives(api: TimedApi, by: Actor, ticket: UUID, verb: str, **body: object) -> Any:
    answer = api.give(Call(by, ticket, verb, body))
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_C_59_a_merge_in_either_direction_has_the_same_due_time(api: TimedApi) -> None:
    high, both = PriorityChanged("High", "Low"), []
    for into_newest in (False, True):
        older = past(api, CREATED, june(8, 9), high)
        newest = past(api, CREATED, june(8, 10), high, *WAITED)
        into, source = (newest, older) if into_newest else (older, newest)
        api.clock.at = june(10, 12)
        gives(api, OLGA, into, "merge", sources=[str(source)], reason="one outage")
        both.append(shown(api, into))
        assert "ResponseOverdue" in {timer["name"] for timer in clock(api, into)["deadlines"]}

    assert both[0] == both[1]
    assert (both[0]["deadline"], both[0]["consumed_s"]) == ("2026-06-11T17:00:00Z", 7_200)
    assert both[0]["overdue"] is False


@pytest.mark.parametrize("priority", ["Emergency", "High", "Low"])
def test_C_60_a_part_of_a_consulted_ticket_is_not_late_at_birth(
    api: TimedApi, priority: str
) -> None:
    friday = june(12, 14)
    parent = past(api, UNDER_I, friday, DeveloperConsultationStarted())
    api.clock.at = june(15, 6)

    divided = gives(api, OLGA, parent, "split", parts=[{"priority": priority}], reason="two issues")

    part = UUID(divided["parts"][0])
    assert shown(api, part)["overdue"] is False
    if priority == "High":
        assert shown(api, part) == shown(api, parent)
        assert shown(api, part)["deadline"] == "2026-06-16T12:00:00Z"
    fires = {timer["name"]: timer["fires_at"] for timer in clock(api, part)["deadlines"]}
    assert fires["ResponseOverdue"] > "2026-06-15T06:00:00Z"


def reopened(api: TimedApi) -> UUID:
    """Close a ticket on Tuesday, and object to it on Wednesday."""
    ticket = past(api, CREATED, june(8, 9))
    api.clock.at = june(9, 10)
    gives(api, OLGA, ticket, "close", reason="resolved")
    notice = ClosureNoticeSent(june(9, 10), NOTICE, june(15))
    api.happens(ticket, Fact(notice, june(9, 10)))
    api.clock.at = june(10, 10)
    gives(api, ANN, ticket, "object", **OBJECTION)
    return ticket


def test_C_57_after_a_merge_there_is_no_objection_to_refuse(api: TimedApi) -> None:
    ticket, other = reopened(api), past(api, CREATED, june(9, 11))
    api.clock.at = june(10, 12)
    gives(api, OLGA, ticket, "merge", sources=[str(other)], reason="the same")

    answer = api.give(Call(OLGA, ticket, "refuse-objection", REFUSED))

    assert (answer.status_code, answer.json()["code"]) == (409, "no_objection")
    assert answer.json()["clause"] == "R-6.10-d"
    assert gives(api, ANN, ticket, "comment", text="thank you")["status"] == "open"


def test_C_57_after_a_division_neither_and_without_one_it_may_be_refused(api: TimedApi) -> None:
    divided, whole = reopened(api), reopened(api)
    gives(api, OLGA, divided, "split", parts=[{}], reason="two issues")

    answer = api.give(Call(OLGA, divided, "refuse-objection", REFUSED))

    assert (answer.status_code, answer.json()["code"]) == (409, "no_objection")
    assert gives(api, OLGA, whole, "refuse-objection", **REFUSED)["status"] == "closed"


@pytest.mark.parametrize("verb", ["comment", "reply"])
@pytest.mark.parametrize("first", [CREATED, UNDER_I], ids=["R", "I"])
def test_C_62_a_message_to_a_response_opens_the_turn_of_the_provider(
    api: TimedApi, first: TicketCreated, verb: str
) -> None:
    ticket = past(api, first, june(8, 9), Fact(ResponseSent(), june(8, 12)))
    api.clock.at = june(8, 13)

    told = gives(api, ANN, ticket, verb, text="it does not work")

    after = clock(api, ticket)
    assert told["waiting_for"] == "provider"
    assert (after["response_clock"]["clock_state"], after["response_clock"]["turn"]) == (
        "running",
        2,
    )
    names: Sequence[str] = [timer["name"] for timer in after["deadlines"]]
    assert {*names} == {"ResponseDueSoon", "ResponseOverdue"}


def test_C_62_beside_an_open_request_it_stays_a_comment_and_the_answer_says_so(
    api: TimedApi,
) -> None:
    ticket = past(api, replace(CREATED), june(8, 9))
    api.clock.at = june(8, 12)
    gives(api, OLGA, ticket, "request-information", items="the log of the node")

    told = gives(api, ANN, ticket, "comment", text="which node?")

    assert told["waiting_for"] == "user"
    assert [asked["answer"] for asked in told["information_requests"]] == ["awaited"]
    assert shown(api, ticket)["clock_state"] == "waiting_user"
