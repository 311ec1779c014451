"""The field types that bodies, queries and answers share: bounded texts, names, instants."""

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from docket_events.characters import CONTROLS, DIRECTIONS, LINES
from docket_events.instants import whole_seconds
from docket_policies.terms.loader import service_levels

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
LONGEST_INSTANT = 40
NO_NUL = r"^[^\x00]*$"
NOT_BLANK = r"^[^\x00]*[^\s\x00][^\x00]*$"
_NEVER = CONTROLS + LINES + DIRECTIONS
SHORT = rf"^[^{_NEVER}]*[^\s{_NEVER}][^{_NEVER}]*$"
"""What stands on one line: nothing in it that a terminal, a log or a reader obeys."""


def _read_instant(value: Any) -> Any:
    """Return the instant that a text names, because a strict datetime accepts no text here."""
    if isinstance(value, datetime):
        return value
    right = isinstance(value, str) and len(value) <= LONGEST_INSTANT and RFC_3339.fullmatch(value)
    if not right:
        raise ValueError("write an instant as 2026-06-11T12:00:00Z")
    return datetime.fromisoformat(value.upper())


def _in_utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("lies outside the calendar") from None


Instant = Annotated[AwareDatetime, BeforeValidator(_read_instant), AfterValidator(_in_utc)]
"""An instant in UTC; callers write RFC 3339 with a zone and nothing else."""

WholeSecond = Annotated[Instant, AfterValidator(whole_seconds)]
"""An instant cut to the whole second: what events and clocks count (decision 0006)."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000, pattern=NO_NUL)]
SomeText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000, pattern=NOT_BLANK),
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=SHORT),
]
Person = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=200, pattern=rf"^[^\s@{_NEVER}]+$"
    ),
]
"""The name that tokens and tickets give a person: it stands in events, so it is no address."""

ForWhom = Annotated[
    Person | None,
    Field(description="the person for whom a service asks; others ask for themselves"),
]

if TYPE_CHECKING:
    Level = str
else:
    Level = Literal[service_levels()]  # the levels that the packs offer


class Body(BaseModel):
    """A closed JSON object; the API documentation shows its example."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    example: ClassVar[dict[str, Any]] = {}


class Schema(BaseModel):
    """An answer of the API; clients ignore fields they do not know."""

    model_config = ConfigDict(frozen=True)
