"""The file of another helpdesk as cases, without holding it in memory.

What is told of a case is scattered. A first reading counts its records; a second one yields each
case as soon as its last record has come, so that only incomplete cases are held.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from docket_import.fault import BadLine, Fault
from docket_import.files import Passed, opened
from docket_import.helpdesk import HelpdeskLine
from docket_import.json_lines import JsonLines
from docket_import.order import in_order
from docket_import.reading import Reader


@dataclass(frozen=True, slots=True)
class Case:
    """All that happened to one case in the order of time; `digest` is that of what tells it.

    `faults` are what is wrong with it: then some of it is missing in `lines`.
    """

    id: str
    lines: tuple[HelpdeskLine, ...]
    digest: bytes
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Survey:
    """How many records each case of a file has, in the order in which the cases begin.

    `faults` are those of records of which no case can be told.
    """

    path: Path
    reader: Reader
    records: Mapping[str, int]
    faults: tuple[Fault, ...] = ()

    def first(self, cases: int) -> "Survey":
        """Return the survey of the first `cases` cases alone."""
        return Survey(self.path, self.reader, dict(list(self.records.items())[:cases]), self.faults)


def survey(path: Path, reader: Reader | None = None, passed: Passed = lambda _: None) -> Survey:
    """Read a file through and count; raise BadLine where it ends in its midst, or OSError."""
    reader = reader or JsonLines()
    counts, faults = Counter[str](), list[Fault]()
    with opened(path, passed) as file:
        for record in reader.records(file):
            if isinstance(record, Fault):
                faults.append(record)
            else:
                counts[record.case] += 1
    return Survey(path, reader, counts, tuple(faults))


def cases_of(surveyed: Survey, passed: Passed = lambda _: None) -> Iterator[Case]:
    """Yield the cases of a survey, each when it is complete; raise BadLine or OSError."""
    under_way: dict[str, _UnderWay] = {}
    missing = len(surveyed.records)
    with opened(surveyed.path, passed) as file:
        for record in surveyed.reader.records(file):
            if isinstance(record, Fault) or record.case not in surveyed.records:
                continue
            case = under_way.setdefault(record.case, _UnderWay())
            case.records += 1
            case.digest.update(record.digested)
            try:
                case.lines += surveyed.reader.lines(record)
            except BadLine as bad:
                case.faults += bad.faults
            if case.records == surveyed.records[record.case]:
                del under_way[record.case]
                yield case.whole(record.case)
                missing -= 1
                if not missing:
                    return


class _UnderWay:
    """A case of which some records have come."""

    def __init__(self) -> None:
        self.records = 0
        self.lines: list[HelpdeskLine] = []
        self.faults: list[Fault] = []
        self.digest = sha256()

    def whole(self, case: str) -> Case:
        lines = in_order(self.lines) if self.lines else ()
        return Case(case, lines, self.digest.digest(), tuple(self.faults))
