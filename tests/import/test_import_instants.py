"""The instants of a case: told in the order of time, none changed, none that cannot be."""

from datetime import UTC, datetime

import pytest
from told_cases import (
    CLOSED,
    CREATED,
    ELEVEN,
    FIVE_DAYS_LATER,
    NINE,
    OPENING,
    TEN,
    after_opening,
    case_of,
    told,
)

from docket_events.ticket import (
    ResponseSent,
)
from docket_import import helpdesk
from docket_import.fault import BadLine
from docket_import.helpdesk import Happening
from docket_import.mapping import history_of
from docket_import.rules import ImportRules


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
    case = case_of((datetime.fromisoformat(at), CREATED))

    with pytest.raises(BadLine) as bad:
        history_of(case, ImportRules("desk", **instants))  # type: ignore[arg-type]  # by name

    (fault,) = bad.value.faults
    assert (fault.line, fault.field, fault.value) == (1, field, at)
    assert detail in fault.detail


def test_an_end_in_the_future_is_refused_by_its_own_field() -> None:
    case = case_of((NINE, CREATED), (TEN, helpdesk.Closed(finalized_at=FIVE_DAYS_LATER)))

    with pytest.raises(BadLine, match=r"line 2, data\.finalized_at"):
        history_of(case, ImportRules("desk", present=ELEVEN))


def test_the_past_before_the_calendars_is_taken_when_it_is_asked_for() -> None:
    long_ago = datetime(2011, 3, 3, 9, tzinfo=UTC)

    history = history_of(case_of((long_ago, CREATED)), ImportRules("desk", before_calendars=True))

    assert history[0].occurred_at == long_ago
