"""What the rows of a foreign file tell, by a mapping of its columns and values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from docket_import.fault import BadLine, Fault
from docket_import.fields import line_of
from docket_import.helpdesk import HAPPENINGS, HelpdeskLine

Cells = Mapping[str, str]
"""The cells of a row that are not empty, by their columns."""
Columns = Mapping[str, str]
"""The columns by the names of our fields."""

OPENING = "TicketCreated"


@dataclass(frozen=True, slots=True)
class Translation:
    """A mapping of columns, as the mapping file says.

    `columns` hold for every row, `happenings` are columns of rows that tell a whole case. `types`
    and `values` translate what is written, `defaults` stand where nothing is; a row counts where
    its columns of `only` have one of these values. `time` is a format of `strptime`, ISO 8601 where
    it is None, `zone` that of instants that name none.
    """

    columns: Columns
    happenings: Mapping[str, Columns]
    types: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]]
    defaults: Mapping[str, str]
    only: Mapping[str, frozenset[str]]
    first_row_opens: bool = False
    time: str | None = None
    zone: ZoneInfo | None = None

    def needed(self) -> set[str]:
        """Return the columns that the file must have."""
        named = (self.columns, *self.happenings.values())
        return {column for columns in named for column in columns.values()} | set(self.only)

    def case(self, cells: Cells) -> str | None:
        """Return the case of a row, None where it names none."""
        return cells.get(self.columns["case"])

    def lines(self, cells: Cells, number: int) -> list[HelpdeskLine]:
        """Return what a row tells; raise BadLine with everything that is wrong with it."""
        if any(cells.get(column) not in allowed for column, allowed in self.only.items()):
            return []
        lines, faults = list[HelpdeskLine](), list[Fault]()
        try:
            if self.first_row_opens:
                opening = line_of(self._told(OPENING, self.columns, cells), number)
                lines.append(replace(opening, opens_if_first=True))
        except BadLine as bad:
            faults += bad.faults
        for type_, columns in self._happened(cells):
            try:
                lines.append(line_of(self._told(type_, columns, cells), number))
            except BadLine as bad:
                faults += bad.faults
        if faults:
            raise BadLine(dict.fromkeys(faults))
        return lines

    def _happened(self, cells: Cells) -> Iterator[tuple[str, Columns]]:
        for type_, columns in self.happenings.items():
            if columns["occurred_at"] in cells:
                yield type_, {**self.columns, **columns}
        if "type" in self.columns:
            written = cells.get(self.columns["type"], "")
            type_ = self.types.get(written, written)
            if type_ or written not in self.types:
                yield type_, self.columns

    def _told(self, type_: str, columns: Columns, cells: Cells) -> Mapping[str, Any]:
        def value(*names: str) -> Any:
            for name in names:
                text = cells.get(columns.get(name, ""))
                if text is not None:
                    return self.values.get(name, {}).get(text, text)
            return next((self.defaults[name] for name in names if name in self.defaults), None)

        data: dict[str, Any] = {}
        if type_ in HAPPENINGS:
            for each in msgspec.structs.fields(HAPPENINGS[type_]):
                told = value(each.name, *(("priority",) if each.name == "to" else ()))
                if told is not None:
                    data[each.name] = self._instant(told) if each.name == "finalized_at" else told
        return {
            "case": value("case"),
            "occurred_at": self._instant(value("occurred_at")),
            "type": type_,
            "agent": value("agent"),
            "data": data,
        }

    def _instant(self, text: str | None) -> datetime | str | None:
        """Return the instant that is written there; what is written where it is none."""
        if text is None:
            return None
        try:
            if self.time is not None:
                told = datetime.strptime(text, self.time)  # noqa: DTZ007 - its zone comes next
            else:
                told = datetime.fromisoformat(text)
        except ValueError:
            return text
        return told if told.tzinfo is not None else told.replace(tzinfo=self.zone)
