"""What a person wrote, as the caller may read it: the one place where a text becomes readable.

A text lies beside the log or, in an event of before, inside it (decision 0033). Either is null
where it was erased, and for a role that reads texts only after giving a reason.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from docket_events.codec import texts_inside, to_data
from docket_events.recorded import Event
from docket_events.written import ContentRef, Written


@dataclass(frozen=True, slots=True)
class ReadableTexts:
    """The texts of one stream: those `beside` the log by content id, None where one was erased.

    `erased_inside` are the versions of the events whose texts inside were erased.
    """

    beside: Mapping[UUID, str | None] = field(default_factory=dict)
    erased_inside: frozenset[int] = frozenset()
    masked: bool = False

    def of(self, written: Written | None, version: int) -> str | None:
        """Return a text of the event of that version, None where it may not be read."""
        if isinstance(written, ContentRef):
            return self.beside.get(written.id)
        return None if self.masked or version in self.erased_inside else written

    def of_event(self, event: Event, version: int) -> dict[str, str | None]:
        """Return the texts of an event by its fields."""
        beside = {
            name: self.beside.get(value.id)
            for name, value in to_data(event).items()
            if isinstance(value, ContentRef)
        }
        hidden = self.masked or version in self.erased_inside
        inside = {name: None if hidden else text for name, text in texts_inside(event).items()}
        return beside | inside
