"""The lines of a case in the order of time; no time is changed."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

from docket_events.instants import whole_seconds
from docket_import.helpdesk import Closed, Finalized, HelpdeskLine, TicketCreated


def in_order(lines: Sequence[HelpdeskLine]) -> tuple[HelpdeskLine, ...]:
    """Return the lines of a case in the order of time, those of one instant as the file has them.

    Where all of them go back in time, the file is read from its end; the opening is the first of
    its instant. Of the lines that open a case only if they are the first, the others are left out.
    """
    times = [line.occurred_at for line in lines]
    backwards = times[:1] > times[-1:] and all(one >= other for one, other in pairwise(times))
    told = reversed(lines) if backwards else lines
    ordered = sorted(
        told, key=lambda line: (line.occurred_at, not isinstance(line.what, TicketCreated))
    )
    return tuple(line for n, line in enumerate(ordered) if not (n and line.opens_if_first))


def with_ends(lines: Sequence[HelpdeskLine]) -> Iterator[HelpdeskLine]:
    """Yield the lines in the order of time, and the end of a closing as a line of its own."""
    told = list[HelpdeskLine]()
    for line in lines:
        told.append(line)
        if isinstance(line.what, Closed):
            ends = line.what.finalized_at
            if ends is None and line.what.stage == "closed":
                ends = line.occurred_at
            if ends is not None:
                field = "data.finalized_at"
                told.append(replace(line, occurred_at=ends, what=Finalized(), field=field))
    yield from sorted(told, key=lambda line: line.occurred_at)


def in_utc(instant: datetime) -> datetime:
    """Return the instant as events have it: in UTC and to the second (decision 0006)."""
    return whole_seconds(instant.astimezone(UTC))
