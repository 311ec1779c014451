"""The log for object-centric process mining: OCEL 2.0 in JSON.

Objects are tickets, accounts and those who acted. Events come first, then the objects, so that only
the names of those who acted are held in memory. Values are written as strings, as the schema of the
standard asks, whatever type is declared for them.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from docket_events.codec import EVENT_TYPES, json_object
from docket_events.ids import is_account
from docket_export.selection import PATIENCE_S, Selection, parts, tickets, windows
from docket_proof.chain import LogRow, instant
from docket_runtime.database import reachable

_encode = msgspec.json.Encoder().encode

_TICKET = ("number", "product", "channel", "pack", "revision")
_TICKET_NOW = ("status", "priority")
_TYPES = {
    "objectTypes": [
        {
            "name": "ticket",
            "attributes": [{"name": each, "type": "string"} for each in (*_TICKET, *_TICKET_NOW)],
        },
        {"name": "account", "attributes": []},
        {"name": "actor", "attributes": [{"name": "kind", "type": "string"}]},
    ],
}
_STORED_TYPES = "select distinct type from docket.events"
_BEGINNING = "1970-01-01T00:00:00Z"
"""The time of an attribute that has none."""


async def ocel(connection: asyncpg.Connection, selection: Selection) -> AsyncIterator[bytes]:
    """Yield the log as one JSON document; a ticket is in it whole or not at all.

    Tickets that were divided or combined are related, and those that were not selected are there as
    objects without events.
    """
    selection = selection.of_whole_tickets
    actors = set[tuple[str, str]]()
    accounts = set[str]()
    yield _encode({**_TYPES, "eventTypes": await _event_types(connection)})[:-1] + b',"events":['
    separator = b""
    related: dict[UUID, list[Relation]] = {}
    streams = set[str]()
    async for rows in windows(connection, selection):
        actors.update((row.actor_kind, row.actor_id) for row in rows)
        accounts.update(account for row in rows for account in _opened_for(row))
        for row in rows:
            if row.type in _RELATIONS:
                related.setdefault(row.ticket_id, []).extend(_relations(row))
        streams.update(str(row.ticket_id) for row in rows if is_account(row.ticket_id))
        if rows:
            yield separator + b",".join(_encode(_event(row)) for row in rows)
            separator = b","
    yield b'],"objects":['
    separator = b""
    missing = {UUID(each.objectId) for relations in related.values() for each in relations}
    async for together in _tickets(connection, selection, missing):
        accounts.update(row["account_id"] for row in together)
        yield separator + b",".join(
            _encode(_ticket(row, related.get(row["ticket_id"], ()))) for row in together
        )
        separator = b","
    others = [*_others(actors, accounts | streams)]
    yield (separator if others else b"") + b",".join(map(_encode, others)) + b"]}\n"


async def _tickets(
    connection: asyncpg.Connection, selection: Selection, missing: set[UUID]
) -> AsyncIterator[Sequence[Mapping[str, Any]]]:
    """Yield the selected tickets, and at last those of `missing` that are not among them."""
    every = await parts(connection)
    for part in every:
        async for together in tickets(connection, part, selection):
            missing.difference_update(row["ticket_id"] for row in together)
            yield together
    for part in every if missing else ():
        async for together in tickets(connection, part, Selection(tickets=tuple(missing))):
            yield together


async def _event_types(connection: asyncpg.Connection) -> list[dict[str, Any]]:
    """Return the event types that we know, and those that the log has beside them."""
    with reachable():
        stored = {row[0] for row in await connection.fetch(_STORED_TYPES, timeout=PATIENCE_S)}
    return [
        {"name": name, "attributes": [{"name": "version", "type": "integer"}]}
        for name in (*EVENT_TYPES, *sorted(stored - EVENT_TYPES.keys()))
    ]


def _event(row: LogRow) -> Mapping[str, Any]:
    about = "account" if is_account(row.ticket_id) else "ticket"
    named = _account(str(row.ticket_id)) if about == "account" else str(row.ticket_id)
    return {
        "id": str(row.event_id),
        "type": row.type,
        "time": instant(row.occurred_at),
        "attributes": [{"name": "version", "value": str(row.version)}],
        "relationships": [
            {"objectId": named, "qualifier": about},
            {"objectId": _actor(row.actor_kind, row.actor_id), "qualifier": "by"},
            *({"objectId": _account(each), "qualifier": "for"} for each in _opened_for(row)),
            *_relations(row),
        ],
    }


def _opened_for(row: LogRow) -> tuple[str, ...]:
    """Return the account that an opening names: readers drop what no event refers to."""
    if row.type != "TicketCreated" or json_object(row.body) is None:
        return ()
    account = msgspec.json.decode(row.body).get("account_id")
    return () if account is None else (str(account),)


class Relation(msgspec.Struct, frozen=True):
    """What an event or an object has to do with another object."""

    objectId: str  # noqa: N815 - as OCEL calls it
    qualifier: str


_RELATIONS = {
    "TicketSplit": ("parts", "divided into"),
    "SplitChildCreated": ("parent", "part of"),
    "TicketsMerged": ("sources", "combined from"),
    "MergedInto": ("into", "merged into"),
}
"""The events that relate tickets: which field names the others, and how they are related."""


def _relations(row: LogRow) -> list[Relation]:
    """Return how an event relates its ticket to others."""
    if row.type not in _RELATIONS or json_object(row.body) is None:
        return []
    field, qualifier = _RELATIONS[row.type]
    named = msgspec.json.decode(row.body).get(field) or ()
    return [Relation(each, qualifier) for each in ([named] if isinstance(named, str) else named)]


def _ticket(row: Mapping[str, Any], related: Sequence[Relation]) -> Mapping[str, Any]:
    created, updated = row["created_at"], row["updated_at"]
    return {
        "id": str(row["ticket_id"]),
        "type": "ticket",
        "attributes": [
            *({"name": name, "time": created, "value": row[name]} for name in _TICKET),
            *({"name": name, "time": updated, "value": row[name]} for name in _TICKET_NOW),
        ],
        "relationships": [Relation(_account(row["account_id"]), "of"), *related],
    }


def _others(actors: set[tuple[str, str]], accounts: set[str]) -> Iterator[Mapping[str, Any]]:
    for account in sorted(accounts):
        yield {"id": _account(account), "type": "account"}
    for kind, name in sorted(actors):
        yield {
            "id": _actor(kind, name),
            "type": "actor",
            "attributes": [{"name": "kind", "time": _BEGINNING, "value": kind}],
        }


def _account(account: str) -> str:
    return f"account:{account}"


def _actor(kind: str, name: str) -> str:
    return f"{kind}:{name}"
