"""What the role of each service may do: the table of the check is what the migrations grant."""

from typing import Protocol

import asyncpg
import pytest

from docket_runtime.schema.role_rights import (
    OTHER_ROLES,
    ROLES,
    Right,
    RoleState,
    role_states,
    stored_rights,
    wanted_rights,
)

EVERYBODY = [*ROLES.values(), *OTHER_ROLES]


class HasUrl(Protocol):
    def url(self, role: str = ...) -> str: ...


async def test_the_table_is_what_the_migrations_grant(database: HasUrl) -> None:
    connection = await asyncpg.connect(database.url())
    stored = await stored_rights(connection, EVERYBODY)
    await connection.close()

    assert stored == wanted_rights()


async def test_in_a_migrated_database_every_role_is_as_it_should_be(database: HasUrl) -> None:
    connection = await asyncpg.connect(database.url("docket_notifier"))  # anybody may look
    states = await role_states(connection, EVERYBODY)
    await connection.close()

    assert states == [RoleState(role, True, True, (), ()) for role in EVERYBODY]


@pytest.mark.parametrize(
    ("change", "role", "too_much", "missing"),
    [
        (
            "revoke execute on function docket.append_batch from docket_sla_clock",
            "docket_sla_clock",
            (),
            (Right("docket_sla_clock", "append_batch", "execute"),),
        ),
        (
            "grant update on docket.events to docket_notifier",
            "docket_notifier",
            ("update on docket.events",),
            (),
        ),
        (
            "alter role docket_auditor createdb",
            "docket_auditor",
            ("may create databases",),
            (),
        ),
        (
            "grant docket_owner to docket_ticket_api",
            "docket_ticket_api",
            ("is member of docket_owner",),
            (),
        ),
    ],
)
async def test_a_right_too_few_or_too_many_is_found(
    database: HasUrl, change: str, role: str, too_much: tuple[str, ...], missing: tuple[Right, ...]
) -> None:
    connection = await asyncpg.connect(database.url())
    transaction = connection.transaction()
    await transaction.start()
    await connection.execute(change)
    (state,) = await role_states(connection, [role])
    await transaction.rollback()
    await connection.close()

    assert state == RoleState(role, True, True, too_much, missing)
