"""The query parameters that several routes share."""

from datetime import datetime
from typing import Annotated

from fastapi import Query

from docket_events.instants import check_period
from ticket_api.http.fields import NO_NUL, Instant
from ticket_api.http.problems import Problem

Word = Annotated[str, Query(max_length=200, pattern=NO_NUL)]
"""A name that is compared as it is."""

OptionalWord = Annotated[str | None, Query(max_length=200, pattern=NO_NUL)]
OptionalInstant = Annotated[Instant | None, Query(description="RFC 3339 with a zone")]

From = Annotated[Instant | None, Query(alias="from", description="30 days before `to` if left out")]
"""The begin of a report's period."""

To = Annotated[Instant | None, Query(description="exclusive; the present if left out")]
"""The end of a report's period."""


def refuse_empty_period(first: datetime | None, last: datetime | None) -> None:
    """Raise Problem 422 for a period [first, last) that holds no instant; None is open."""
    try:
        check_period(first, last)
    except ValueError as empty:
        raise Problem(422, "empty_period", str(empty)) from None
