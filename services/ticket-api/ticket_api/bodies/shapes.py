"""The closed JSON shapes that all bodies are made of: bounded texts and names, no unknown field."""

from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from docket_lifecycle.commands import OnTicket
from docket_lifecycle.commands.account import AccountCommand
from docket_policies.terms.loader import calendar_names
from ticket_api import instants
from ticket_api.contents import Drafts


def _whole_utc_second(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise ValueError("lies outside the calendar") from None


def _calendar(name: str) -> str:
    if name not in calendar_names():
        raise ValueError(f"is none of {', '.join(calendar_names())}")
    return name


NO_NUL = r"^[^\x00]*$"
NOT_BLANK = r"^[^\x00]*[^\s\x00][^\x00]*$"
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=20_000, pattern=NO_NUL)]
SomeText = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000, pattern=NOT_BLANK),
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=NOT_BLANK),
]
Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]
Level = Literal["Standard", "Privilege"]
CalendarName = Annotated[
    str, AfterValidator(_calendar), Field(json_schema_extra={"enum": [*calendar_names()]})
]
Instant = Annotated[instants.Instant, AfterValidator(_whole_utc_second)]


class Body(BaseModel):
    """A closed JSON object; the API documentation shows its example."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    example: ClassVar[dict[str, Any]] = {}


class TicketBody(Body):
    """The body of a command on a ticket that exists."""

    @property
    def others(self) -> tuple[UUID, ...]:
        """Return the tickets that the command reads and may write beside the one it is told to."""
        return ()

    @property
    def sends(self) -> tuple[UUID, ...]:
        """Return the files that are sent along."""
        return getattr(self, "attachments", ())

    @property
    def may_be_uploading(self) -> bool:
        """Return whether the files sent along need not be there in full yet."""
        return False

    @property
    def makes(self) -> int:
        """Return how many tickets the command makes."""
        return 0

    def command(self, drafts: Drafts) -> OnTicket:
        """Return the command, its texts drafted."""
        raise AssertionError(f"{type(self).__name__} makes no command")


class AccountBody(Body):
    """The body of a command on an account."""

    def command(self, account_id: str) -> AccountCommand:
        """Return the command."""
        raise AssertionError(f"{type(self).__name__} makes no command")
