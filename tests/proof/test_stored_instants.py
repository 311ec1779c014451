"""Stored instants as people read them: RFC 3339, to the microsecond at which they were recorded."""

from datetime import UTC, datetime, timedelta

import pytest

from docket_proof.chain import EPOCH, instant

MICROSECOND = timedelta(microseconds=1)
LAST = (datetime(9999, 12, 31, 23, 59, 59, 999_999, UTC) - EPOCH) // MICROSECOND


@pytest.mark.parametrize(
    ("stored", "written"),
    [
        (0, "2000-01-01T00:00:00.000000Z"),
        (-1, "1999-12-31T23:59:59.999999Z"),
        (834_235_200_000_000, "2026-06-08T12:00:00.000000Z"),
        (834_235_200_000_001, "2026-06-08T12:00:00.000001Z"),
        (LAST, "9999-12-31T23:59:59.999999Z"),
    ],
)
def test_an_instant_is_written_to_the_microsecond(stored: int, written: str) -> None:
    assert instant(stored) == written


def test_an_instant_beyond_the_year_9999_cannot_be_written() -> None:
    with pytest.raises(OverflowError):
        instant(LAST + 1)
