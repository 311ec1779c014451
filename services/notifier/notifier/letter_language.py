"""A language of letters: its words, the sentences of the terms in it, and how it writes instants.

All of it is data: `words.toml` beside the templates of the language.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec

from docket_events.instants import day_and_time


class Dates(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How dates are written: names, and forms with `{weekday}`, `{day}`, `{month}`, `{year}`.

    `instant` has `{time}`, `{zone}` and `{utc}` besides, `end_of_day` the last two.
    """

    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    instant: str
    instant_utc: str
    end_of_day: str


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The content of `words.toml`: `words` and `sentences` by what English data calls them."""

    dates: Dates
    words: Mapping[str, str] = {}
    sentences: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its BCP 47 name."""

    name: str
    words: Words

    def word(self, name: str) -> str:
        """Return a word of the data in the language, itself where the language has none."""
        return self.words.words.get(name, name.replace("_", " "))

    def sentence(self, says: str) -> str:
        """Return a sentence of the terms in the language, itself where it is not translated."""
        return self.words.sentences.get(says, says)


UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a letter: in which language, with times of which zone beside UTC."""

    language: str = "en"
    zone: ZoneInfo = field(default=UTC_ZONE)


def instant(at: datetime, language: Language, zone: ZoneInfo) -> str:
    """Return an instant with its weekday in the reader's zone, and in UTC."""
    dates = language.words.dates
    form = dates.instant_utc if zone.key == UTC_ZONE.key else dates.instant
    return _in_form(form, at.astimezone(zone), dates)


def end(at: datetime, language: Language, zone: ZoneInfo) -> str:
    """Return an exclusive end: a midnight of the reader is the end of the day before."""
    local = at.astimezone(zone)
    if local.time() != time():
        return instant(at, language, zone)
    dates = language.words.dates
    return _in_form(dates.end_of_day, local - timedelta(days=1), dates, utc=at)


def read_words(text: str) -> Words:
    """Return the words of a language; raise ValueError that says what is wrong."""
    try:
        words = msgspec.convert(tomllib.loads(text), type=Words)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as wrong:
        raise ValueError(str(wrong)) from None
    if len(words.dates.weekdays) != 7 or len(words.dates.months) != 12:
        raise ValueError("a week has seven days, a year twelve months")
    try:
        for form in (words.dates.instant, words.dates.instant_utc, words.dates.end_of_day):
            _in_form(form, datetime(2026, 1, 1, tzinfo=UTC_ZONE), words.dates)
    except (KeyError, IndexError, ValueError) as wrong:
        raise ValueError(f"a form of dates cannot be filled: {wrong}") from None
    return words


def _in_form(form: str, local: datetime, dates: Dates, utc: datetime | None = None) -> str:
    return form.format(
        weekday=dates.weekdays[local.weekday()],
        day=local.day,
        month=dates.months[local.month - 1],
        year=local.year,
        time=f"{local:%H:%M:%S}",
        zone=getattr(local.tzinfo, "key", "UTC"),
        utc=day_and_time((utc or local).astimezone(UTC)),
    )
