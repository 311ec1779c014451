"""The file of the other helpdesk, plain or gzip, read as cases without holding it in memory.

The lines of a case are scattered. A first reading counts them; a second one yields each case as
soon as its last line has come, so that only incomplete cases are held.
"""

import gzip
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BufferedReader
from pathlib import Path

from docket_import.helpdesk import BadLine, Case, HelpdeskLine, case_of, read_line

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Survey:
    """How many lines each case of a file has, in the order in which the cases begin."""

    path: Path
    lines: Mapping[str, int]

    def first(self, cases: int) -> "Survey":
        """Return the survey of the first `cases` cases alone."""
        return Survey(self.path, dict(list(self.lines.items())[:cases]))


def survey(path: Path) -> Survey:
    """Read a file through and count; raise BadLine or OSError."""
    return Survey(path, Counter(case_of(number, text) for number, text in _lines_of(path)))


def cases_of(surveyed: Survey) -> Iterator[Case]:
    """Yield the cases of a survey, each when it is complete; raise BadLine or OSError."""
    under_way: dict[str, _UnderWay] = {}
    missing = len(surveyed.lines)
    for number, text in _lines_of(surveyed.path):
        line = read_line(number, text)
        expected = surveyed.lines.get(line.case)
        if expected is None:
            continue
        case = under_way.setdefault(line.case, _UnderWay())
        case.lines.append(line)
        case.digest.update(text)
        if len(case.lines) == expected:
            del under_way[line.case]
            yield Case(line.case, tuple(case.lines), case.digest.digest())
            missing -= 1
            if not missing:
                return


class _UnderWay:
    """A case of which some lines have come."""

    def __init__(self) -> None:
        self.lines: list[HelpdeskLine] = []
        self.digest = sha256()


def _lines_of(path: Path) -> Iterator[tuple[int, bytes]]:
    number = 0
    try:
        with _opened(path) as file:
            for number, text in enumerate(file, 1):
                if not text.isspace():
                    yield number, text
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise BadLine(number + 1, "the file", "it is cut off or damaged") from error


@contextmanager
def _opened(path: Path) -> Iterator[Iterable[bytes]]:
    with path.open("rb") as plain:
        if plain.peek(len(_GZIP)).startswith(_GZIP):
            with BufferedReader(gzip.open(plain)) as unpacked:  # GzipFile's own lines are slow
                yield unpacked
        else:
            yield plain
