"""The closed list of reasons, and the 72 hours that one of them waits for (R-6.9, R-6.11)."""

import pytest

from docket_events.notice import ClosureNoticeSent
from docket_events.recorded import Event
from docket_events.ticket import (
    ClosureDecided,
    InformationProvided,
    InformationRejected,
    InformationRequested,
    ObjectionAccepted,
    TicketResumed,
    TicketSuspended,
    UploadCompleted,
)
from docket_lifecycle.commands import Close, ProvideInformation, RejectInformation
from people import ANN, CREATED, NOTICE, OLGA, READ_FIRST, REGULATIONS, TUESDAY, june, text
from sentences import Given, given, on

REQUESTED_AT = june(12, 16)
LAST_VALID_SECOND = june(15, 16)
ONE_SECOND_LATER = june(15, 16, 0, 1)
ASKED = on(REQUESTED_AT, InformationRequested("q1", deadline=LAST_VALID_SECOND, clause="R-6.9-b"))
FOR_MISSING_INFORMATION = Close("info_not_provided")
CLOSED_FOR_MISSING_INFORMATION = ClosureDecided("info_not_provided", "R-6.9-b")

REASONS = {
    "cannot_reproduce_or_impossible": "R-6.9-a",
    "changes_by_user": "R-6.9-c",
    "out_of_scope": "R-6.9-d",
    "incorrect_or_unconstructive": "R-6.9-e",
    "created_incorrectly": "R-6.9-e",
    "unconstructive": "R-6.9-e",
    "systematic_delay": "R-6.9-e",
    "already_answered": "R-6.9-f",
    "use_not_documented": "R-6.9-g",
    "priority_manipulation": "R-6.9-h",
    "resolved": "R-6.10-a",
}


@pytest.mark.parametrize(("reason", "clause"), REASONS.items())
def test_R_6_9_every_reason_closes_under_its_own_clause(reason: str, clause: str) -> None:
    given(CREATED).when(Close(reason), at=TUESDAY, by=OLGA).then(ClosureDecided(reason, clause))


def test_R_6_9_the_list_of_reasons_is_closed() -> None:
    given(CREATED).when(Close("no_time"), at=TUESDAY, by=OLGA).then_refused(
        "unknown_reason", "R-6.9"
    )
    assert set(REGULATIONS.closing_reasons) == {
        *REASONS,
        "info_not_provided",
        "product_error_found",
    }


def test_R_6_9_the_user_does_not_close_but_revoke() -> None:
    given(CREATED).when(Close("resolved"), at=TUESDAY, by=ANN).then_refused(
        "actor_not_entitled", "R-6.9"
    )


def test_R_6_11_an_error_found_is_closed_with_its_place_in_the_plan() -> None:
    given(CREATED).when(
        Close("product_error_found", plan_reference="VM-4711"), at=TUESDAY, by=OLGA
    ).then(ClosureDecided("product_error_found", "R-6.11", plan_reference="VM-4711"))


def test_R_6_11_without_a_place_in_the_plan_it_is_not_closed() -> None:
    given(CREATED).when(Close("product_error_found"), at=TUESDAY, by=OLGA).then_refused(
        "plan_reference_required", "R-6.11"
    )


def test_R_6_9_f_an_earlier_answer_may_be_named_and_words_may_be_added() -> None:
    given(CREATED).when(
        Close("already_answered", reference="D-0987", content=text("see there")),
        at=TUESDAY,
        by=OLGA,
    ).then(
        ClosureDecided("already_answered", "R-6.9-f", reference="D-0987", content=text("see there"))
    )


def test_C_21_a_closing_is_decided_once() -> None:
    given(CREATED).when(Close("resolved"), at=TUESDAY, by=OLGA).then(
        ClosureDecided("resolved", "R-6.10-a")
    ).when(Close("resolved"), at=TUESDAY, by=OLGA).then_refused("ticket_closing", "R-6.10-a")


def test_R_6_9_b_close_in_the_last_second_of_the_72nd_hour_is_refused() -> None:
    given(CREATED, ASKED).when(FOR_MISSING_INFORMATION, at=LAST_VALID_SECOND, by=OLGA).then_refused(
        "info_deadline_not_reached", "R-6.9-b"
    )


def test_R_6_9_b_close_one_second_later_is_allowed() -> None:
    given(CREATED, ASKED).when(FOR_MISSING_INFORMATION, at=ONE_SECOND_LATER, by=OLGA).then(
        CLOSED_FOR_MISSING_INFORMATION
    )


def test_R_6_9_b_nothing_was_asked_so_nothing_is_missing() -> None:
    given(CREATED).when(FOR_MISSING_INFORMATION, at=ONE_SECOND_LATER, by=OLGA).then_refused(
        "no_information_requested", "R-6.9-b"
    )


@pytest.mark.parametrize(
    "answered_at", [LAST_VALID_SECOND, june(17, 10)], ids=["in the 72nd hour", "a day late"]
)
def test_C_19_an_answer_before_the_closing_ends_the_right_to_close(answered_at: object) -> None:
    answer = on(answered_at, InformationProvided("q1"))  # type: ignore[arg-type]  # parametrized
    given(CREATED, ASKED, answer).when(
        FOR_MISSING_INFORMATION, at=june(17, 11), by=OLGA
    ).then_refused("information_was_provided", "R-6.9-b")


@pytest.mark.parametrize(
    "answer",
    [
        (InformationProvided("q1", upload_pending=True),),
        (InformationProvided("q1", upload_pending=True), UploadCompleted("q1")),
    ],
    ids=["upload on its way", "upload complete"],
)
def test_C_05_an_announced_upload_is_no_missing_information(answer: tuple[Event, ...]) -> None:
    given(CREATED, ASKED, *(on(june(13, 9), event) for event in answer)).when(
        FOR_MISSING_INFORMATION, at=ONE_SECOND_LATER, by=OLGA
    ).then_refused("information_was_provided", "R-6.9-b")


def test_C_05_a_rejected_answer_does_not_renew_the_72_hours() -> None:
    history = (
        CREATED,
        ASKED,
        on(june(13, 9), InformationProvided("q1")),
        on(june(15, 12), InformationRejected("q1")),
    )

    given(*history).when(FOR_MISSING_INFORMATION, at=LAST_VALID_SECOND, by=OLGA).then_refused(
        "info_deadline_not_reached", "R-6.9-b"
    )
    given(*history).when(FOR_MISSING_INFORMATION, at=ONE_SECOND_LATER, by=OLGA).then(
        CLOSED_FOR_MISSING_INFORMATION
    )


def test_C_19_with_several_requests_one_that_ran_out_is_enough() -> None:
    second = on(june(14, 9), InformationRequested("q2", deadline=june(17, 9)))
    given(CREATED, ASKED, second).when(FOR_MISSING_INFORMATION, at=ONE_SECOND_LATER, by=OLGA).then(
        CLOSED_FOR_MISSING_INFORMATION
    )


def test_C_19_a_younger_request_still_has_its_own_72_hours() -> None:
    given(
        CREATED,
        ASKED,
        on(june(14, 9), InformationRequested("q2", deadline=june(17, 9))),
        on(june(15, 9), InformationProvided("q1")),
    ).when(FOR_MISSING_INFORMATION, at=ONE_SECOND_LATER, by=OLGA).then_refused(
        "info_deadline_not_reached", "R-6.9-b"
    )


SUSPENDED: Given = given(CREATED, ASKED, on(june(13, 9), TicketSuspended("ann")))


def test_C_07_suspending_does_not_stop_the_72_hours() -> None:
    SUSPENDED.when(FOR_MISSING_INFORMATION, at=ONE_SECOND_LATER, by=OLGA).then(
        CLOSED_FOR_MISSING_INFORMATION
    )


def test_C_07_resuming_does_not_renew_the_72_hours() -> None:
    given(*SUSPENDED.history, on(june(15, 9), TicketResumed("ann"))).when(
        FOR_MISSING_INFORMATION, at=ONE_SECOND_LATER, by=OLGA
    ).then(CLOSED_FOR_MISSING_INFORMATION)


CLOSED_AND_OBJECTED_TO = (
    on(ONE_SECOND_LATER, CLOSED_FOR_MISSING_INFORMATION),
    on(ONE_SECOND_LATER, ClosureNoticeSent(ONE_SECOND_LATER, NOTICE, june(21))),
    on(june(16, 9), ObjectionAccepted(text("what"), text("consequences"))),
)


def test_C_61_after_an_objection_nothing_is_missing_that_was_asked_for_before() -> None:
    reopened = given(CREATED, ASKED, *CLOSED_AND_OBJECTED_TO)

    reopened.when(FOR_MISSING_INFORMATION, at=june(16, 10), by=OLGA).then_refused(
        "no_information_requested", "R-6.9-b"
    ).when(RejectInformation("q1", text("still missing")), at=june(16, 10), by=OLGA).then_refused(
        "unknown_request", "R-6.1-c"
    ).when(ProvideInformation("q1"), at=june(16, 10), by=ANN).then_refused(
        "unknown_request", "R-6.4"
    )


def test_C_22_as_read_first_after_an_objection_the_information_counts_as_provided() -> None:
    reopened = given(READ_FIRST, ASKED, *CLOSED_AND_OBJECTED_TO)

    reopened.when(FOR_MISSING_INFORMATION, at=june(16, 10), by=OLGA).then_refused(
        "information_was_provided", "R-6.9-b"
    ).when(RejectInformation("q1", text("still missing")), at=june(16, 10), by=OLGA).then(
        InformationRejected("q1", text("still missing"))
    ).when(FOR_MISSING_INFORMATION, at=june(16, 10), by=OLGA).then(CLOSED_FOR_MISSING_INFORMATION)
