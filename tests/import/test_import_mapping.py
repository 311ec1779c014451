"""A case of another helpdesk, told as the history of a ticket under our terms."""

from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import pytest
from told_cases import CREATED, ELEVEN, FIVE_DAYS_LATER, NINE, TEN, after_opening, case_of, told

from docket_events.notice import ClosureBecameFinal, ClosureNoticeSent, RegistrationNoticeSent
from docket_events.ticket import (
    ClosureDecided,
    ContentRef,
    InformationProvided,
    InformationRequested,
    ObjectionAccepted,
    PriorityChanged,
    ProductTeamEscalated,
    ProductTeamReturned,
    ResponseSent,
    TicketCreated,
    TicketImported,
    TicketRegisteredInClientArea,
    TicketResumed,
    TicketSuspended,
    UserCommented,
    UserReplied,
)
from docket_events.waits import ThirdPartyResponseReceived, ThirdPartyWaitStarted
from docket_import import helpdesk
from docket_import.cases import Case
from docket_import.contents import Contents
from docket_import.helpdesk import HelpdeskLine
from docket_import.mapping import history_of
from docket_import.rules import ImportRules
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Final, Open
from docket_runtime.store.values import NewContent


def test_a_case_begins_as_a_ticket_that_is_registered_and_whose_clock_runs() -> None:
    created, imported, registered, notice = told((NINE, CREATED))

    assert created == (
        NINE,
        TicketCreated(
            number="INC1",
            account_id="location-143",
            requester_id="caller-2403",
            channel="phone",
            product="category-55",
            priority="Low",
            pack="regulations",
            revision="R-2025-03-27",
            readings_version=2,
        ),
    )
    assert imported == (NINE, TicketImported("desk", "INC1"))
    assert registered == (NINE, TicketRegisteredInClientArea(on_behalf_of="caller-2403"))
    at, sent = notice
    assert isinstance(sent, RegistrationNoticeSent)
    assert at == sent.sent_at == NINE


def test_a_case_opened_by_the_user_himself_needs_no_registering() -> None:
    himself = helpdesk.TicketCreated("Self service", "4 - Low")

    types = [type(event) for _, event in told((NINE, himself))]

    assert types == [TicketCreated, TicketImported, RegistrationNoticeSent]


def test_what_the_log_does_not_say_is_called_unknown() -> None:
    (_, created), *_ = told((NINE, helpdesk.TicketCreated("Email", "4 - Low")))

    assert isinstance(created, TicketCreated)
    assert (created.account_id, created.requester_id) == ("location-unknown", "caller-unknown")
    assert created.product == "category-unknown"


@pytest.mark.parametrize(
    ("word", "priority"),
    [("1 - Critical", "Emergency"), ("2 - High", "High"), ("3 - Moderate", "Medium")],
)
def test_R_6_5_a_ticket_opens_as_low_and_is_prioritized_before_its_clock_starts(
    word: helpdesk.Priority, priority: str
) -> None:
    history = told((NINE, helpdesk.TicketCreated("Email", word)))

    assert [type(event) for _, event in history[-2:]] == [PriorityChanged, RegistrationNoticeSent]
    assert history[-2] == (NINE, PriorityChanged(to=priority, from_="Low"))


def test_a_later_priority_says_what_it_was_before() -> None:
    moderate, low = helpdesk.PriorityChanged("3 - Moderate"), helpdesk.PriorityChanged("4 - Low")

    assert after_opening((TEN, moderate), (ELEVEN, low), (ELEVEN, low)) == [
        (TEN, PriorityChanged(to="Medium", from_="Low")),
        (ELEVEN, PriorityChanged(to="Low", from_="Medium")),
    ]


def test_waits_and_handovers_are_told_in_our_words_and_numbered() -> None:
    contents = Contents(UUID(int=7))

    history = after_opening(
        (TEN, helpdesk.Responded()),
        (TEN, helpdesk.ThirdPartyAwaited("Vendor 1")),
        (TEN, helpdesk.ThirdPartyResponded()),
        (TEN, helpdesk.ThirdPartyAwaited()),
        (TEN, helpdesk.ThirdPartyResponded()),
        (TEN, helpdesk.EscalatedToProductTeam()),
        (TEN, helpdesk.ReturnedFromProductTeam()),
        (TEN, helpdesk.Suspended()),
        (ELEVEN, helpdesk.Resumed()),
        contents=contents,
    )

    vendor, unknown = contents.drafted
    assert [(each.kind, each.body) for each in (vendor, unknown)] == [
        ("party", b"vendor-1"),
        ("party", b"vendor-unknown"),
    ]
    assert history == [
        (TEN, ResponseSent()),
        (TEN, ThirdPartyWaitStarted("w1", _reference(vendor))),
        (TEN, ThirdPartyResponseReceived("w1")),
        (TEN, ThirdPartyWaitStarted("w2", _reference(unknown))),
        (TEN, ThirdPartyResponseReceived("w2")),
        (TEN, ProductTeamEscalated()),
        (TEN, ProductTeamReturned()),
        (TEN, TicketSuspended(by="caller-2403")),
        (ELEVEN, TicketResumed(by="caller-2403")),
    ]


def _reference(content: NewContent) -> ContentRef:
    assert content.salt is not None
    return ContentRef(content.id, sha256(content.salt + content.body).hexdigest())


def test_R_6_9_b_each_request_has_its_own_name_and_its_72_hours() -> None:
    asked = helpdesk.InformationRequested()
    provided = helpdesk.InformationProvided()
    deadline = TEN + timedelta(hours=72)

    assert after_opening((TEN, asked), (TEN, provided), (TEN, asked), (ELEVEN, provided)) == [
        (TEN, InformationRequested("q1", deadline=deadline, clause="R-6.9-b")),
        (TEN, InformationProvided("q1")),
        (TEN, InformationRequested("q2", deadline=deadline, clause="R-6.9-b")),
        (ELEVEN, InformationProvided("q2")),
    ]


def test_R_6_10_b_a_closing_is_told_with_its_window_and_its_end() -> None:
    decided, (at, notice), final = after_opening(
        (TEN, helpdesk.Closed(finalized_at=FIVE_DAYS_LATER))
    )

    assert decided == (TEN, ClosureDecided("resolved", "R-6.10-a"))
    assert isinstance(notice, ClosureNoticeSent)
    assert at == notice.sent_at == TEN
    assert notice.objections_until is not None
    assert notice.objections_until > TEN + timedelta(days=5)
    assert final == (FIVE_DAYS_LATER, ClosureBecameFinal())


def test_a_case_closed_without_a_solution_is_final_at_once() -> None:
    *_, final = after_opening((TEN, helpdesk.Closed(stage="closed")))

    assert final == (TEN, ClosureBecameFinal())


def test_a_case_that_is_resolved_and_not_ended_stays_open_to_objections() -> None:
    *_, (_, last) = after_opening((TEN, helpdesk.Closed()))

    assert isinstance(last, ClosureNoticeSent)


def test_R_6_10_b_an_objection_and_its_reopening_are_one_event() -> None:
    history = told(
        (NINE, CREATED),
        (TEN, helpdesk.Closed()),
        (ELEVEN, helpdesk.Objected()),
        (ELEVEN, helpdesk.Reopened()),
    )
    objections = [entry for entry in history if isinstance(entry[1], ObjectionAccepted)]

    assert objections == [(ELEVEN, ObjectionAccepted())]
    assert history[-1] == objections[0]


def test_a_case_reopened_after_its_end_is_open_again_and_ends_again() -> None:
    lines = [CREATED, helpdesk.Closed(finalized_at=TEN), helpdesk.Reopened(), helpdesk.Closed()]
    case = Case(
        "INC1", tuple(HelpdeskLine(n, "INC1", TEN, what) for n, what in enumerate(lines, 1)), b""
    )
    ticket_id = UUID(int=1)

    history = history_of(case, ImportRules("desk"))
    before, reopened = fold(ticket_id, history[:7]), fold(ticket_id, history[:8])
    notices = [f.event.notice_id for f in history if isinstance(f.event, ClosureNoticeSent)]

    assert before is not None
    assert reopened is not None
    assert isinstance(before.phase, Final)
    assert isinstance(reopened.phase, Open)
    assert len(set(notices)) == 2


def test_C_62_a_message_of_the_user_is_a_reply_where_the_ball_is_with_the_user() -> None:
    message = helpdesk.Commented()

    events = after_opening((TEN, message), (TEN, helpdesk.Responded()), (ELEVEN, message))

    assert [type(event) for _, event in events] == [UserCommented, ResponseSent, UserReplied]


def test_a_prefix_stands_before_the_number_and_the_source_keeps_its_own() -> None:
    history = history_of(case_of((NINE, CREATED)), ImportRules("desk", prefix="OLD-"))

    assert history[0].event.number == "OLD-INC1"  # type: ignore[union-attr]  # it is TicketCreated
    assert history[1].event == TicketImported("desk", "INC1")
