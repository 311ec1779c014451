"""What is wrong in a file: where, what stands there, and what would be right."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong; `line` counts from 1 in the unit of the file, 0 is all of it."""

    line: int
    field: str
    detail: str
    value: str | None = None
    right: str | None = None
    case: str | None = None
    unit: str = "line"

    def __str__(self) -> str:
        where = f"{self.unit} {self.line}, " if self.line else ""
        whose = f" of {self.case}" if self.case and self.case not in self.detail else ""
        right = f"; right would be {self.right}" if self.right else ""
        return f"{where}{self.field}{whose}: {self.detail}{right}"


class BadLine(ValueError):
    """What cannot be taken over: all that is wrong with a line, a case or a file."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(map(str, self.faults)))


def bad_file(field: str, detail: str, right: str | None = None, line: int = 0) -> BadLine:
    """Return the error of a file that cannot be read any further."""
    return BadLine([Fault(line, field, detail, right=right)])
