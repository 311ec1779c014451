"""What every format of a file has in common: records, each of one case."""

from collections.abc import Iterator, Sequence
from io import BufferedReader
from typing import Any, NamedTuple, Protocol

from docket_import.fault import Fault
from docket_import.helpdesk import HelpdeskLine


class Record(NamedTuple):
    """A part of the file that is about one case; `digested` is what its digest is made of."""

    number: int
    case: str
    digested: bytes
    content: Any


class Reader(Protocol):
    """Reads one format; `unit` is what its numbers count."""

    unit: str

    def records(self, file: BufferedReader) -> Iterator[Record | Fault]:
        """Yield the records of a file, a fault for one of which no case can be told."""

    def lines(self, record: Record) -> Sequence[HelpdeskLine]:
        """Return what a record says; raise BadLine."""
