"""Whether a selection can select anything: its names are known, and some event fits it."""

from collections.abc import Sequence
from uuid import UUID

import asyncpg

from docket_events.ids import partition_of_ticket, stream_of_account
from docket_export.selection import PATIENCE_S, Selection, any_event, parts
from docket_runtime.database import reachable
from docket_runtime.proof import stored_log
from docket_runtime.proof.verification import ticket_called

_KNOWN = {
    "unknown_account": "select exists (select from docket.tickets where account_id = $1)",
    "unknown_product": "select exists (select from docket.tickets where product = $1)",
}
_HAS_TICKET = "select exists (select from docket.tickets where ticket_id = $1)"
_OF_ACCOUNT = "select exists (select from docket.events where partition = $1 and ticket_id = $2)"


class UnknownName(ValueError):
    """A selection names what the log does not have; `code` says what it is."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code


async def check_names(connection: asyncpg.Connection, selection: Selection) -> None:
    """Raise UnknownName for a name of which the log has nothing, or Unavailable."""
    account, product = selection.account, selection.product
    if account is not None and not await _is_known(connection, "unknown_account", account):
        meta = await stored_log.read_meta(connection)
        stream = stream_of_account(account, meta.partitions)
        with reachable():
            of_account = await connection.fetchval(
                _OF_ACCOUNT, partition_of_ticket(stream), stream, timeout=PATIENCE_S
            )
        if not of_account:
            raise UnknownName("unknown_account", f"the log has nothing of an account {account!r}")
    if product is not None and not await _is_known(connection, "unknown_product", product):
        raise UnknownName("unknown_product", f"the log has no ticket on a product {product!r}")


async def tickets_named(
    connection: asyncpg.Connection, names: Sequence[str]
) -> tuple[UUID, ...] | None:
    """Return the ids of tickets that are named by id or number, None where none is asked for.

    Raise UnknownName for one that the log does not have, or Unavailable.
    """
    found = list[UUID]()
    for name in names:
        try:
            found.append(await ticket_called(connection, name))
        except LookupError as unknown:
            raise UnknownName("unknown_ticket", str(unknown)) from None
        with reachable():
            known = await connection.fetchval(_HAS_TICKET, found[-1], timeout=PATIENCE_S)
        if not known:
            raise UnknownName("unknown_ticket", f"the log has no ticket {name}")
    return tuple(found) or None


async def is_empty(connection: asyncpg.Connection, selection: Selection) -> bool:
    """Return whether no event of the log fits a selection; raise Unavailable."""
    for part in await parts(connection):
        if await any_event(connection, part, selection):
            return False
    return True


async def _is_known(connection: asyncpg.Connection, code: str, name: str) -> bool:
    with reachable():
        return bool(await connection.fetchval(_KNOWN[code], name, timeout=PATIENCE_S))
