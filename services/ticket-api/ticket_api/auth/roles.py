"""Which role may ask for which operation: the table in `roles.csv`, one row for each operation id.

`own` is what belongs to the account of the caller, `any` is everybody's, `-` is nothing: the answer
is 403 before anything is looked up. The column `anybody` is for requests without a token. Whom the
terms entitle to a command is in the packs.
"""

from collections.abc import Mapping
from csv import DictReader
from functools import cache
from importlib.resources import files
from typing import Literal, cast, get_args

from docket_events.roles import ACCOUNT_BOUND, ROLES, Role
from ticket_api.http.problems import Problem

Reach = Literal["own", "any"]
Caller = Role | Literal["anybody"]

NOTHING = "-"
DESK_ONLY = frozenset({"InternalNoteAdded", "ResponseDueSoon", "DeskNoticeSent"})
"""The events that only the provider's staff sees: notes, warnings that no term mentions, alerts."""


@cache
def table() -> Mapping[str, Mapping[Caller, Reach]]:
    """Return the table: by operation and role, how far it reaches."""
    return read((files(__package__) / "roles.csv").read_text(encoding="utf-8"))


def read(text: str) -> Mapping[str, Mapping[Caller, Reach]]:
    """Read a role table; raise ValueError that names the row that is wrong."""
    rows = dict[str, Mapping[Caller, Reach]]()
    for row in DictReader(text.splitlines(), skipinitialspace=True):
        operation = str(row.pop("operation", ""))
        if operation in rows:
            raise ValueError(f"roles.csv has two rows for {operation}")
        rows[operation] = _reaches(operation, row)
    return rows


def reach(operation: str, caller: Caller) -> Reach | None:
    """Return how far an operation reaches for a caller, None for nowhere.

    Raise LookupError for an operation without a row, so that no new route is open by oversight.
    """
    if operation not in table():
        raise LookupError(f"{operation} has no row in roles.csv")
    return table()[operation].get(caller)


def role_refused(operation: str, role: Role) -> Problem:
    """Return the answer to a role that may not ask for an operation."""
    return Problem(403, "actor_not_entitled", f"{operation} is not for the role {role}")


def _reaches(operation: str, row: Mapping[str, str | None]) -> Mapping[Caller, Reach]:
    if [*row] != [*ROLES, "anybody"]:
        raise ValueError(f"roles.csv, {operation}: the columns are {', '.join(ROLES)}, anybody")
    for caller, cell in row.items():
        possible = {NOTHING, *(get_args(Reach) if caller in ACCOUNT_BOUND else ("any",))}
        if cell not in possible:
            raise ValueError(f"roles.csv, {operation}, {caller}: {cell} is none of {possible}")
    return {
        cast("Caller", caller): cast("Reach", cell)
        for caller, cell in row.items()
        if cell != NOTHING
    }
