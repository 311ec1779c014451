"""N-15: instants and ends as readers of each language and zone have them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from notifier.letter_language import end, instant
from notifier.letter_templates import our_templates

AT = datetime(2026, 6, 12, 10, tzinfo=UTC)
MIDNIGHT = datetime(2026, 6, 18, tzinfo=UTC)
OURS = our_templates()


@pytest.mark.parametrize(
    ("language", "zone", "at", "says"),
    [
        ("en", "UTC", AT, "Friday, 2026-06-12 10:00:00 UTC"),
        (
            "en",
            "Europe/Moscow",
            AT,
            "Friday, 12 June 2026, 13:00:00 (Europe/Moscow; 2026-06-12 10:00:00 UTC)",
        ),
        (
            "ru",
            "Asia/Tokyo",
            MIDNIGHT - timedelta(hours=1),
            "18 июня 2026 г. (четверг), 08:00:00 (Asia/Tokyo; 2026-06-17 23:00:00 UTC)",
        ),
        ("ru", "UTC", AT, "2026-06-12 10:00:00 UTC (пятница)"),
    ],
)
def test_N_15_an_instant_has_its_weekday_and_the_zone_of_the_reader_beside_UTC(
    language: str, zone: str, at: datetime, says: str
) -> None:
    assert instant(at, OURS.languages[language], ZoneInfo(zone)) == says


def test_N_15_a_window_that_ends_at_midnight_ends_with_the_day_before() -> None:
    english = OURS.languages["en"]
    utc = end(MIDNIGHT, english, ZoneInfo("UTC"))
    assert utc == "the end of Wednesday, 17 June 2026 (UTC; 2026-06-18 00:00:00 UTC)"
    moscow = end(MIDNIGHT, english, ZoneInfo("Europe/Moscow"))
    assert moscow == "Thursday, 18 June 2026, 03:00:00 (Europe/Moscow; 2026-06-18 00:00:00 UTC)"
