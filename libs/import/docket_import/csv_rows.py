"""CSV files: a row for each thing that happened, or a row for each case (RFC 4180)."""

import csv
from collections.abc import Iterator, Sequence
from io import BufferedReader, TextIOWrapper

from docket_import.fault import Fault, bad_file
from docket_import.helpdesk import HelpdeskLine
from docket_import.mapping_file import CsvRules
from docket_import.reading import Record
from docket_import.translation import Translation

MOST_OF_A_CELL = 1_000_000
_DELIMITERS = ",;\t|"


class CsvRows:
    """Reads rows by a translation; its line is the last one of a row."""

    unit = "line"

    def __init__(self, translation: Translation, rules: CsvRules) -> None:
        self._translation = translation
        self._rules = rules

    def records(self, file: BufferedReader) -> Iterator[Record | Fault]:
        """Yield the rows, a fault for one that names no case or has too many cells.

        Raise BadLine where the file cannot be read on.
        """
        text = TextIOWrapper(file, self._rules.encoding, newline="")
        rows = csv.reader(text, delimiter=self._delimiter(file), strict=True)
        try:
            csv.field_size_limit(MOST_OF_A_CELL)
            head = [each.strip() for each in next(rows, [])]
            missing = sorted(self._translation.needed() - {*head})
            if missing:
                right = "columns that are there: " + ", ".join(filter(None, head))
                raise bad_file("the head line", f"has no {', '.join(missing)}", right, 1)
            for row in rows:
                if any(row):
                    yield self._record(rows.line_num, head, row)
        except csv.Error as error:
            raise bad_file("the row", f"is no CSV: {error}", line=rows.line_num) from error
        except UnicodeDecodeError as error:
            detail = f"is not {self._rules.encoding}: {error.reason}"
            right = 'its encoding in the mapping, as [csv] encoding = "cp1252"'
            raise bad_file("the row", detail, right, rows.line_num + 1) from error
        finally:
            text.detach()  # the file is closed by whoever opened it

    def lines(self, record: Record) -> Sequence[HelpdeskLine]:
        """Return what a row tells; raise BadLine."""
        return self._translation.lines(record.content, record.number)

    def _record(self, number: int, head: Sequence[str], row: Sequence[str]) -> Record | Fault:
        if len(row) > len(head):
            detail = f"has {len(row)} cells under {len(head)} columns"
            return Fault(number, "the row", detail, right="cells with quotes around delimiters")
        cells = {
            column: cell.strip() for column, cell in zip(head, row, strict=False) if cell.strip()
        }
        case = self._translation.case(cells)
        if case is None:
            column = self._translation.columns["case"]
            return Fault(number, "case", f"is missing: {column} is empty", right="its number")
        return Record(number, case, "\x1f".join(row).encode(), cells)

    def _delimiter(self, file: BufferedReader) -> str:
        if self._rules.delimiter is not None:
            return self._rules.delimiter
        head = file.peek(65536).partition(b"\n")[0]
        return max(_DELIMITERS, key=lambda each: head.count(each.encode()))
