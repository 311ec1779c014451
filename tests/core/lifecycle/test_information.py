"""Asking the user for information, and what came of it (R-6.4, R-6.8-a, C-05)."""

from docket_events.ticket import (
    ClosureDecided,
    InformationProvided,
    InformationRejected,
    InformationRequested,
    TicketSuspended,
    UploadCompleted,
)
from docket_lifecycle.commands import (
    CompleteUpload,
    ProvideInformation,
    RejectInformation,
    RequestInformation,
)
from docket_lifecycle.state.ticket import Open, Suspended
from people import ANN, CREATED, OLGA, READ_FIRST, TUESDAY, WEDNESDAY, june, text
from sentences import given, on

ITEMS = text("the journal of the second node")
WHY = text("it is the journal of the first node")
ASKED = InformationRequested("q1", deadline=june(12, 9), clause="R-6.9-b")
GIVEN = InformationProvided("q1")
UPLOADING = InformationProvided("q1", upload_pending=True)
DECIDED = ClosureDecided("out_of_scope", "R-6.9-d")


def test_R_6_9_b_a_request_fixes_the_last_valid_instant_72_hours_later() -> None:
    given(CREATED).when(RequestInformation(ITEMS), at=june(12, 16), by=OLGA).then(
        InformationRequested("q1", "information", ITEMS, june(15, 16), "R-6.9-b")
    )


def test_R_6_4_access_is_requested_like_information() -> None:
    given(CREATED).when(RequestInformation(ITEMS, kind="access"), at=TUESDAY, by=OLGA).then(
        InformationRequested("q1", "access", ITEMS, june(12, 9), "R-6.9-b")
    )


def test_C_05_every_request_is_one_of_its_own_with_its_own_72_hours() -> None:
    given(CREATED, ASKED).when(RequestInformation(ITEMS), at=WEDNESDAY, by=OLGA).then(
        InformationRequested("q2", "information", ITEMS, june(13, 9), "R-6.9-b")
    )


def test_R_6_8_a_an_answer_brings_the_ball_back() -> None:
    story = given(CREATED, ASKED).when(
        ProvideInformation("q1", content=text("here")), at=WEDNESDAY, by=ANN
    )
    after = story.then(InformationProvided("q1", content=text("here")))
    assert after.ticket.waiting_for == "provider"


def test_R_1_14_an_announced_upload_brings_it_back_when_it_is_complete() -> None:
    story = given(CREATED, ASKED).when(
        ProvideInformation("q1", upload_pending=True), at=TUESDAY, by=ANN
    )
    announced = story.then(UPLOADING)
    assert announced.ticket.waiting_for == "user"

    arrived = announced.when(CompleteUpload("q1"), at=WEDNESDAY, by=ANN)
    assert arrived.then(UploadCompleted("q1")).ticket.waiting_for == "provider"


def test_a_request_has_one_answer() -> None:
    for answered in (GIVEN, UPLOADING):
        given(CREATED, ASKED, answered).when(
            ProvideInformation("q1"), at=TUESDAY, by=ANN
        ).then_refused("already_provided", "R-6.4")


def test_nobody_answers_what_was_not_asked() -> None:
    given(CREATED, ASKED).when(ProvideInformation("q7"), at=TUESDAY, by=ANN).then_refused(
        "unknown_request", "R-6.4"
    )


def test_a_complete_upload_is_already_so() -> None:
    given(CREATED, ASKED, UPLOADING, UploadCompleted("q1")).when(
        CompleteUpload("q1"), at=TUESDAY, by=ANN
    ).then_already_so()


def test_R_1_14_no_upload_is_complete_that_was_not_announced() -> None:
    given(CREATED, ASKED).when(CompleteUpload("q1"), at=TUESDAY, by=ANN).then_refused(
        "no_upload_pending", "R-1.14"
    )


def test_an_upload_belongs_to_a_request() -> None:
    given(CREATED).when(CompleteUpload("q1"), at=TUESDAY, by=ANN).then_refused(
        "unknown_request", "R-1.14"
    )


def test_C_56_an_insufficient_answer_opens_the_request_without_the_day_that_it_lay_with_us() -> (
    None
):
    story = given(CREATED, on(june(8, 10), ASKED), on(TUESDAY, GIVEN)).when(
        RejectInformation("q1", WHY), at=WEDNESDAY, by=OLGA
    )
    asked = story.then(InformationRejected("q1", WHY, june(13, 9))).ticket.requests["q1"]
    assert (asked.requested_at, asked.deadline) == (june(8, 10), june(13, 9))


def test_C_05_as_read_first_the_request_is_open_again_as_it_was() -> None:
    story = given(READ_FIRST, on(june(8, 10), ASKED), on(TUESDAY, GIVEN)).when(
        RejectInformation("q1", WHY), at=WEDNESDAY, by=OLGA
    )
    asked = story.then(InformationRejected("q1", WHY)).ticket.requests["q1"]
    assert (asked.requested_at, asked.deadline) == (june(8, 10), june(12, 9))


def test_C_05_after_a_rejection_the_user_answers_the_same_request_again() -> None:
    given(CREATED, ASKED, GIVEN, InformationRejected("q1")).when(
        ProvideInformation("q1"), at=WEDNESDAY, by=ANN
    ).then(GIVEN)


def test_C_05_an_announcement_may_be_rejected_before_its_upload_ends() -> None:
    given(CREATED, ASKED, UPLOADING).when(RejectInformation("q1", WHY), at=WEDNESDAY, by=OLGA).then(
        InformationRejected("q1", WHY)
    )


def test_R_6_1_c_there_must_be_an_answer_to_reject() -> None:
    given(CREATED, ASKED).when(RejectInformation("q1", WHY), at=TUESDAY, by=OLGA).then_refused(
        "nothing_provided", "R-6.1-c"
    )
    given(CREATED, ASKED, GIVEN, InformationRejected("q1")).when(
        RejectInformation("q1", WHY), at=TUESDAY, by=OLGA
    ).then_refused("nothing_provided", "R-6.1-c")


def test_a_rejection_names_its_request() -> None:
    given(CREATED).when(RejectInformation("q1", WHY), at=TUESDAY, by=OLGA).then_refused(
        "unknown_request", "R-6.1-c"
    )


def test_C_07_a_suspended_user_may_still_answer() -> None:
    story = given(CREATED, ASKED, on(TUESDAY, TicketSuspended("ann"))).when(
        ProvideInformation("q1"), at=WEDNESDAY, by=ANN
    )
    assert story.then(GIVEN).ticket.phase == Suspended(TUESDAY)


def test_C_21_an_answer_before_the_closing_notice_cancels_the_closing() -> None:
    story = given(CREATED, ASKED, DECIDED).when(ProvideInformation("q1"), at=TUESDAY, by=ANN)
    after = story.then(GIVEN).ticket
    assert (after.phase, after.waiting_for) == (Open(), "provider")


def test_C_21_a_cancelled_closing_of_a_suspended_ticket_leaves_it_suspended() -> None:
    story = given(CREATED, ASKED, on(TUESDAY, TicketSuspended("ann")), DECIDED).when(
        ProvideInformation("q1"), at=WEDNESDAY, by=ANN
    )
    assert story.then(GIVEN).ticket.phase == Suspended(TUESDAY)
