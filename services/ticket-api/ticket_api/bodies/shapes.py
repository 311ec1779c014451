"""The closed JSON shapes that all bodies are made of: bounded texts and names, no unknown field."""

from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from docket_lifecycle.commands import OnTicket
from docket_lifecycle.commands.account import AccountCommand
from docket_policies.loader import calendar_names
from ticket_api.contents import Drafts


def _no_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain NUL")
    return text


def _whole_utc_second(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC).replace(microsecond=0)
    except OverflowError:
        raise ValueError("lies outside the calendar") from None


def _calendar(name: str) -> str:
    if name not in calendar_names():
        raise ValueError(f"is none of {', '.join(calendar_names())}")
    return name


Text = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=20_000), AfterValidator(_no_nul)
]
SomeText = Annotated[Text, Field(min_length=1)]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    AfterValidator(_no_nul),
]
Email = Annotated[str, StringConstraints(max_length=254, pattern=r"^[^@\s\x00]+@[^@\s\x00]+$")]
Level = Literal["Standard", "Privilege"]
CalendarName = Annotated[str, AfterValidator(_calendar)]
Instant = Annotated[AwareDatetime, AfterValidator(_whole_utc_second)]


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
