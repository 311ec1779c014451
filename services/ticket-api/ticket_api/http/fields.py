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

from docket_events.characters import CONTROLS, DIRECTIONS, HIDDEN, LINES
from docket_events.instants import whole_seconds
from docket_events.vocabulary import (
    CODE,
    ID,
    LONGEST_CODE,
    LONGEST_ID,
    LONGEST_REFERENCE,
    LONGEST_VERSION,
    REFERENCE,
    VERSION,
)
from docket_policies.terms.loader import service_levels

RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
LONGEST_INSTANT = 40
NO_NUL = r"^[^\x00]*$"
NOT_BLANK = r"^[^\x00]*[^\s\x00][^\x00]*$"


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

BOTH_READ = "both sides read it; it lies beside the log and can be erased"
"""Who sees what a person writes: the user and the desk, in the ticket and in letters."""
FOR_EVER = "it stands in events for ever: both sides and every consumer of the bus see it"
"""Who sees what has the form of an id, a version or a word of a list."""
NOT_KEPT = "it is judged, not kept: nobody sees it afterwards"

INVISIBLE = CONTROLS + LINES + DIRECTIONS + HIDDEN + r"\u200b\u2061-\u2065\u206a-\u206f"
"""Control characters and others that one does not see; those that join letters, and the marks of
scripts from right to left, belong to words."""
IN_A_LINE = rf"^[^{INVISIBLE}]*[^\s{INVISIBLE}][^{INVISIBLE}]*$"

Text = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=20_000, pattern=NO_NUL),
    Field(description=BOTH_READ),
]
SomeText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000, pattern=NOT_BLANK),
    Field(description=BOTH_READ),
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=IN_A_LINE),
]
"""A line of words: where it is kept, it is a content."""

ShortText = Annotated[Name, Field(description=BOTH_READ)]
"""What somebody says of a ticket in a few words, such as a reason."""


def _formed(form: str, longest: int) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, max_length=longest, pattern=f"^{form}$")


Id = Annotated[str, _formed(ID, LONGEST_ID), Field(description=FOR_EVER)]
Reference = Annotated[str, _formed(REFERENCE, LONGEST_REFERENCE), Field(description=FOR_EVER)]
Version = Annotated[str, _formed(VERSION, LONGEST_VERSION), Field(description=FOR_EVER)]
Code = Annotated[str, _formed(CODE, LONGEST_CODE), Field(description=FOR_EVER)]
Person = Annotated[
    str,
    _formed(ID, LONGEST_ID),
    Field(description=f"the name that tokens give the person, never an address; {FOR_EVER}"),
]
"""The name that tokens and tickets give a person: it stands in events, so it is no address."""

ForWhom = Annotated[
    Person | None,
    Field(description=f"the person for whom a service asks; others ask for themselves; {FOR_EVER}"),
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
