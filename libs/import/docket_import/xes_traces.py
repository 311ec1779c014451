"""XES files (IEEE 1849-2023): a trace for each case, an event for each thing that happened.

Read trace by trace, however large the file is. Definitions of types and entities are refused: a
file needs none, and they are how XML attacks its reader.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from io import BufferedReader
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from docket_import.fault import BadLine, Fault, bad_file
from docket_import.helpdesk import HelpdeskLine
from docket_import.reading import Record
from docket_import.translation import Cells, Translation


class XesTraces:
    """Reads traces by a translation; events are numbered from 1 through the file."""

    unit = "event"

    def __init__(self, translation: Translation) -> None:
        self._translation = translation

    def records(self, file: BufferedReader) -> Iterator[Record | Fault]:
        """Yield the traces, a fault for one that names no case.

        Raise BadLine where the file cannot be read on.
        """
        number = 0
        try:
            for trace in _traces(file):
                events = [each for each in trace if _name(each) == "event"]
                record = self._record(number + 1, trace, events)
                number += len(events)
                yield record
        except ParseError as error:
            raise bad_file("the file", f"is no XML: {error}") from error
        except DefusedXmlException as error:
            right = "a file without a document type and entities"
            raise bad_file("the file", f"is refused: {type(error).__name__}", right) from error

    def lines(self, record: Record) -> Sequence[HelpdeskLine]:
        """Return what the events of a trace tell; raise BadLine."""
        lines, faults = list[HelpdeskLine](), list[Fault]()
        for number, cells in enumerate(record.content, record.number):
            try:
                lines += self._translation.lines(cells, number)
            except BadLine as bad:
                faults += bad.faults
        if faults:
            raise BadLine(faults)
        return lines

    def _record(self, number: int, trace: Element, events: Sequence[Element]) -> Record | Fault:
        of_case = {f"case:{key}": value for key, value in _attributes(trace).items()}
        rows = [{**of_case, **_attributes(event)} for event in events]
        case = self._translation.case(of_case)
        if case is None:
            column = self._translation.columns["case"]
            detail = f"is missing: the trace has no {column.removeprefix('case:')}"
            return Fault(number, "case", detail, right="its number")
        digest = sha256()
        for row in rows:
            digest.update(repr(sorted(row.items())).encode(errors="surrogatepass"))
        return Record(number, case, digest.digest(), rows)


def _traces(file: BufferedReader) -> Iterator[Element]:
    """Yield each trace when it has been read, and forget it afterwards."""
    going: Any = iterparse(file, events=("start", "end"), forbid_dtd=True)
    _, root = next(going)
    if _name(root) != "log":
        raise bad_file("the file", f"is XML, but no XES: it begins with {_name(root)}", "a log")
    for event, element in going:
        if event == "end" and _name(element) == "trace":
            yield element
            root.clear()


def _attributes(element: Element) -> Cells:
    return {
        key: value
        for key, value in ((each.get("key"), each.get("value")) for each in element)
        if key and value and value.strip()
    }


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]
