"""How an instant is written and read: whole, exact, and in UTC whatever zone it came in."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from docket_events.instants import (
    check_period,
    day_and_time,
    for_people,
    read_instant,
    whole_seconds,
    wire,
)

NOON = datetime(2026, 6, 12, 12, tzinfo=UTC)
IN_NICOSIA = NOON.astimezone(timezone(timedelta(hours=3)))


def test_an_instant_is_cut_to_the_second_and_never_rounded_up() -> None:
    assert whole_seconds(datetime(2026, 6, 12, 16, 0, 0, 999_999, UTC)) == datetime(
        2026, 6, 12, 16, tzinfo=UTC
    )


@pytest.mark.parametrize("instant", [NOON, IN_NICOSIA])
def test_an_instant_is_written_in_utc(instant: datetime) -> None:
    assert wire(instant) == "2026-06-12T12:00:00Z"
    assert day_and_time(instant) == "2026-06-12 12:00:00"
    assert for_people(instant) == "Fri 2026-06-12 12:00:00Z"


def test_the_weekday_is_that_of_utc() -> None:
    late = datetime(2026, 6, 13, 1, tzinfo=timezone(timedelta(hours=3)))
    assert for_people(late) == "Fri 2026-06-12 22:00:00Z"


def test_on_the_wire_an_instant_loses_nothing_and_has_four_digits_of_its_year() -> None:
    assert wire(NOON.replace(microsecond=70)) == "2026-06-12T12:00:00.000070Z"
    assert wire(datetime(987, 1, 2, tzinfo=UTC)) == "0987-01-02T00:00:00Z"


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-06-11T12:00:00Z", "2026-06-11T12:00:00Z"),
        ("2026-06-11 12:00:00.25+02:00", "2026-06-11T10:00:00.250000Z"),
        ("2026-06-11T12:00", "2026-06-11T12:00:00Z"),
        ("2026-06-11", "2026-06-11T00:00:00Z"),
    ],
)
def test_an_instant_is_read_as_people_write_it(text: str, instant: str) -> None:
    assert wire(read_instant(text)) == instant
    assert read_instant(instant) == read_instant(text)


@pytest.mark.parametrize(
    "text", ["yesterday", "", "2026-02-30", "12:00", "0001-01-01T00:00+01:00", "20260611", "1"]
)
def test_what_is_no_instant_is_answered_with_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match="write 2026-06-11T12:00:00Z, or 2026-06-11"):
        read_instant(text)


def test_a_period_holds_an_instant_or_is_refused() -> None:
    for first, last in ((None, NOON), (NOON, None), (NOON, NOON + timedelta(microseconds=1))):
        check_period(first, last)
    for last in (NOON, NOON - timedelta(days=1)):
        with pytest.raises(ValueError, match="the end is not behind the beginning"):
            check_period(NOON, last)
