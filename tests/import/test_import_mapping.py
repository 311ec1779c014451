"""A case of another helpdesk, told as the history of a ticket under our terms."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from docket_events import codec
from docket_events.notice import ClosureBecameFinal, ClosureNoticeSent, RegistrationNoticeSent
from docket_events.recorded import Actor, Event
from docket_events.ticket import (
    ClosureDecided,
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
from docket_import.fault import BadLine
from docket_import.helpdesk import Happening, HelpdeskLine
from docket_import.mapping import history_of
from docket_import.order import in_order
from docket_import.rules import ImportRules
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Final, Open

NINE = datetime(2016, 3, 1, 9, 0, tzinfo=UTC)
TEN = NINE + timedelta(hours=1)
ELEVEN = NINE + timedelta(hours=2)
FIVE_DAYS_LATER = datetime(2016, 3, 6, 12, 0, tzinfo=UTC)

CREATED = helpdesk.TicketCreated("Phone", "4 - Low", "Category 55", "Caller 2403", "Location 143")
OPENING = 4  # TicketCreated, TicketImported, TicketRegisteredInClientArea, RegistrationNoticeSent


def told(*happenings: tuple[datetime, Happening]) -> list[tuple[datetime, Event]]:
    """Return the history that these happenings of the case INC1 become."""
    lines = tuple(HelpdeskLine(n, "INC1", at, what) for n, (at, what) in enumerate(happenings, 1))
    return [
        (fact.occurred_at, fact.event)
        for fact in history_of(Case("INC1", in_order(lines), b""), ImportRules("desk"))
    ]


def after_opening(*happenings: tuple[datetime, Happening]) -> list[tuple[datetime, Event]]:
    """Return what follows the opening events of a case created at nine by phone as Low."""
    return told((NINE, CREATED), *happenings)[OPENING:]


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
    assert after_opening(
        (TEN, helpdesk.Responded()),
        (TEN, helpdesk.ThirdPartyAwaited("Vendor 1")),
        (TEN, helpdesk.ThirdPartyResponded()),
        (TEN, helpdesk.ThirdPartyAwaited()),
        (TEN, helpdesk.ThirdPartyResponded()),
        (TEN, helpdesk.EscalatedToProductTeam()),
        (TEN, helpdesk.ReturnedFromProductTeam()),
        (TEN, helpdesk.Suspended()),
        (ELEVEN, helpdesk.Resumed()),
    ) == [
        (TEN, ResponseSent()),
        (TEN, ThirdPartyWaitStarted("w1", "vendor-1")),
        (TEN, ThirdPartyResponseReceived("w1")),
        (TEN, ThirdPartyWaitStarted("w2", "vendor-unknown")),
        (TEN, ThirdPartyResponseReceived("w2")),
        (TEN, ProductTeamEscalated()),
        (TEN, ProductTeamReturned()),
        (TEN, TicketSuspended(by="caller-2403")),
        (ELEVEN, TicketResumed(by="caller-2403")),
    ]


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


def test_lines_out_of_order_are_told_in_the_order_of_time_and_no_time_is_changed() -> None:
    """An export by kind of event, or of the newest first, is the same history."""
    lines = [(TEN, helpdesk.InformationRequested()), (ELEVEN, helpdesk.InformationProvided())]
    in_time = after_opening((TEN, helpdesk.Responded()), *lines, (ELEVEN, CLOSED))

    assert after_opening(*lines, (ELEVEN, CLOSED), (TEN, helpdesk.Responded())) != in_time
    assert after_opening((ELEVEN, CLOSED), (TEN, helpdesk.Responded()))[0] == (TEN, ResponseSent())
    newest_first = told(*reversed([(NINE, CREATED), (TEN, helpdesk.Responded()), *lines]))
    assert newest_first[OPENING:] == in_time[:3]


def test_every_event_has_an_instant_that_the_file_has() -> None:
    shuffled = told((ELEVEN, helpdesk.Responded()), (TEN, helpdesk.Responded()), (NINE, CREATED))

    assert [at for at, _ in shuffled] == [NINE] * OPENING + [TEN, ELEVEN]


def test_a_closing_that_ends_before_it_was_made_is_refused_and_not_moved() -> None:
    with pytest.raises(BadLine, match=r"line 2, data\.finalized_at: INC1 is not closed"):
        told((NINE, CREATED), (TEN, helpdesk.Closed(finalized_at=NINE)))


def test_an_end_comes_where_it_was_even_if_the_case_was_reopened_before() -> None:
    closings = ((TEN, CLOSED), (ELEVEN, helpdesk.Reopened()), (ELEVEN, CLOSED))

    assert [at for at, _ in after_opening(*closings)] == [TEN, TEN, *[ELEVEN] * 3, FIVE_DAYS_LATER]


CLOSED = helpdesk.Closed(finalized_at=FIVE_DAYS_LATER)


def test_times_are_told_in_utc_and_whole_seconds() -> None:
    nicosia = datetime.fromisoformat("2016-03-01T12:00:00.75+02:00")

    assert after_opening((nicosia, helpdesk.Responded())) == [(TEN, ResponseSent())]


def test_the_same_case_is_told_the_same_way_again() -> None:
    assert told((NINE, CREATED), (TEN, CLOSED)) == told((NINE, CREATED), (TEN, CLOSED))


@pytest.mark.parametrize(
    ("happenings", "line", "detail"),
    [
        ([helpdesk.Responded()], 1, "does not begin with TicketCreated"),
        ([CREATED, CREATED], 2, "is created twice"),
        ([CREATED, helpdesk.Reopened()], 2, "is not closed"),
        ([CREATED, helpdesk.Objected()], 2, "is not closed"),
        ([CREATED, helpdesk.InformationProvided()], 2, "was asked for no information"),
        ([CREATED, helpdesk.ThirdPartyResponded()], 2, "waited for no third party"),
        ([CREATED, CLOSED, helpdesk.Responded()], 3, "is closed"),
        ([CREATED, CLOSED, CLOSED], 3, "is closed"),
    ],
)
def test_a_line_that_makes_no_sense_after_those_before_it_is_named(
    happenings: list[Happening], line: int, detail: str
) -> None:
    with pytest.raises(BadLine, match=f"line {line}, type: INC1 {detail}"):
        told(*((NINE, what) for what in happenings))


def _case(*happenings: tuple[datetime, Happening]) -> Case:
    lines = [HelpdeskLine(n, "INC1", at, what) for n, (at, what) in enumerate(happenings, 1)]
    return Case("INC1", in_order(lines), b"")


@pytest.mark.parametrize(
    ("at", "rules", "field", "detail"),
    [
        ("2036-03-03T09:00:00Z", {"present": "2026-11-30T09:00:00Z"}, "occurred_at", "the future"),
        ("2031-03-03T09:00:00Z", {}, "occurred_at", "lies behind 2030"),
        ("2011-03-03T09:00:00Z", {}, "occurred_at", "lies before 2016"),
        ("2016-03-03T09:00:00Z", {"present": "2016-03-03T08:59:59Z"}, "occurred_at", "the future"),
    ],
)
def test_what_has_not_happened_or_no_calendar_covers_is_refused(
    at: str, rules: dict[str, str], field: str, detail: str
) -> None:
    instants = {name: datetime.fromisoformat(told) for name, told in rules.items()}
    case = _case((datetime.fromisoformat(at), CREATED))

    with pytest.raises(BadLine) as bad:
        history_of(case, ImportRules("desk", **instants))  # type: ignore[arg-type]  # by name

    (fault,) = bad.value.faults
    assert (fault.line, fault.field, fault.value) == (1, field, at)
    assert detail in fault.detail


def test_an_end_in_the_future_is_refused_by_its_own_field() -> None:
    case = _case((NINE, CREATED), (TEN, helpdesk.Closed(finalized_at=FIVE_DAYS_LATER)))

    with pytest.raises(BadLine, match=r"line 2, data\.finalized_at"):
        history_of(case, ImportRules("desk", present=ELEVEN))


def test_the_past_before_the_calendars_is_taken_when_it_is_asked_for() -> None:
    long_ago = datetime(2011, 3, 3, 9, tzinfo=UTC)

    history = history_of(_case((long_ago, CREATED)), ImportRules("desk", before_calendars=True))

    assert history[0].occurred_at == long_ago


def test_C_62_a_message_of_the_user_is_a_reply_where_the_ball_is_with_the_user() -> None:
    message = helpdesk.Commented()

    events = after_opening((TEN, message), (TEN, helpdesk.Responded()), (ELEVEN, message))

    assert [type(event) for _, event in events] == [UserCommented, ResponseSent, UserReplied]


def test_texts_and_the_address_become_contents_and_are_in_no_event() -> None:
    created = helpdesk.TicketCreated(
        "Email", "4 - Low", subject="Ann's clinic", description="is down", email="ann@ACME.example",
        name="Ann",
    )  # fmt: skip
    lines = [
        (NINE, created),
        (TEN, helpdesk.InformationRequested("Which node?")),
        (TEN, helpdesk.InformationProvided("Node 3.")),
        (TEN, helpdesk.Responded("Restarted.")),
        (TEN, helpdesk.Commented("Thanks")),
        (TEN, helpdesk.Noted("again that node")),
        (TEN, helpdesk.Closed(text="It works.")),
        (ELEVEN, helpdesk.Reopened("It does not.")),
    ]
    contents = Contents(UUID(int=7))

    history = history_of(_case(*lines), ImportRules("desk"), contents)

    assert [(each.kind, each.body.decode()) for each in contents.drafted] == [
        ("subject", "Ann's clinic"),
        ("description", "is down"),
        ("contact", '{"email":"ann@acme.example","name":"Ann"}'),
        ("request", "Which node?"),
        ("information", "Node 3."),
        ("response", "Restarted."),
        ("comment", "Thanks"),
        ("note", "again that node"),
        ("closing", "It works."),
        ("objection", "It does not."),
    ]
    stored = b"".join(codec.encode(fact.event) for fact in history).decode()
    for content in contents.drafted:
        assert str(content.id) in stored
        assert content.body.decode() not in stored
    assert "acme.example" not in stored


def test_an_address_that_is_none_is_refused() -> None:
    wrong = helpdesk.TicketCreated("Email", "4 - Low", email="ann at acme")

    with pytest.raises(BadLine, match=r"line 1, data\.email"):
        told((NINE, wrong))


def test_people_are_named_as_those_for_whom_the_import_tells() -> None:
    """An import says who did what; it does not act as that person."""
    case = _case((NINE, CREATED), (TEN, helpdesk.Responded()), (ELEVEN, helpdesk.Suspended()))
    lines = [replace(line, agent="Max Mustermann") for line in case.lines]

    history = history_of(Case("INC1", tuple(lines), b""), ImportRules("desk"))

    told_for = {type(fact.event).__name__: fact.actor for fact in history}
    assert told_for["TicketCreated"] == Actor("import", "desk", "caller-2403")
    assert told_for["TicketImported"] == Actor("import", "desk")
    assert told_for["ResponseSent"] == Actor("import", "desk", "max-mustermann")
    assert told_for["TicketSuspended"] == Actor("import", "desk", "caller-2403")


def test_a_mail_address_as_a_persons_name_is_not_told() -> None:
    created = helpdesk.TicketCreated("Email", "4 - Low", caller_id="Ann@acme.example")
    (_, first), *_ = told((NINE, created))
    (_, again), *_ = told(
        (NINE, helpdesk.TicketCreated("Email", "4 - Low", caller_id="ann@acme.example"))
    )

    assert isinstance(first, TicketCreated)
    assert isinstance(again, TicketCreated)
    assert first.requester_id == again.requester_id
    assert first.requester_id.startswith("person-")


def test_a_prefix_stands_before_the_number_and_the_source_keeps_its_own() -> None:
    history = history_of(_case((NINE, CREATED)), ImportRules("desk", prefix="OLD-"))

    assert history[0].event.number == "OLD-INC1"  # type: ignore[union-attr]  # it is TicketCreated
    assert history[1].event == TicketImported("desk", "INC1")
