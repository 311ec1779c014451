"""Verifying the log and the accesses in the background, round after round, slowly.

What a round finds stays in `docket.log_verifications` until a round finds nothing. The rows of
files are compared; their bytes are read again by `docket verify` alone, for sla-clock reaches no
file store.
"""

from collections.abc import Sequence
from time import monotonic

import asyncpg
import structlog

from docket_proof.access import ACCESS, chain_name
from docket_proof.check import Fault
from docket_proof.note import Verifier
from docket_runtime import metrics
from docket_runtime.connection import ReconnectingConnection
from docket_runtime.database import Database, reachable
from docket_runtime.proof.verification_pass import VerificationPass
from docket_runtime.store.lease import lead
from docket_runtime.store.tail import partitions

CONSUMER = "verification"
IDLE_S = 1.0  # a batch a second: a thousand events
PAUSE_S = 60.0  # between two rounds

_GO_ON = """
    insert into docket.log_verifications (partition, position, rounds, began_at)
    values ($1, $2, 0, docket.present())
    on conflict (partition) do update set position = excluded.position,
        began_at = case when $3 then excluded.began_at else log_verifications.began_at end
"""
_FOUND = """
    update docket.log_verifications set fault = $2, fault_position = $3, fault_at = docket.present()
    where partition = $1
"""
_END = """
    update docket.log_verifications set rounds = rounds + 1, verified_at = docket.present(),
        fault = case when $2 then fault end, fault_position = case when $2 then fault_position end,
        fault_at = case when $2 then fault_at end
    where partition = $1
"""

log = structlog.get_logger()


class BackgroundVerification:
    """Verifies each chain that this process leads, a batch a step."""

    def __init__(
        self, database: Database, verifiers: Sequence[Verifier], *, pause_s: float = PAUSE_S
    ) -> None:
        self._database = ReconnectingConnection(database)
        self._verifiers = verifiers
        self._pause_s = pause_s
        self._session: asyncpg.Connection | None = None
        self._under_way: dict[int, VerificationPass] = {}
        self._faults: dict[int, int] = {}
        self._next: dict[int, float] = {}

    async def step(self) -> bool:
        """Verify a batch of each chain that this process leads; raise Unavailable.

        Never returns that there is more, so that the pause of the loop sets the pace.
        """
        async with self._database.open() as connection:
            if connection is not self._session:
                self._session, self._under_way = connection, {}
            for partition in (*await partitions(connection), ACCESS):
                await self._advance(connection, partition)
        return False

    async def close(self) -> None:
        """Give up the partitions."""
        self._database.close()
        self._session = None

    async def _advance(self, connection: asyncpg.Connection, partition: int) -> None:
        going = self._under_way.get(partition)
        begins = going is None
        if going is None:
            if monotonic() < self._next.get(partition, 0.0):
                return
            if not await lead(connection, partition, CONSUMER):
                return
            going = await VerificationPass.begin(connection, partition, self._verifiers)
            self._under_way[partition] = going
            self._faults[partition] = 0
        faults = await going.step(connection)
        async with connection.transaction():
            with reachable():
                await connection.execute(_GO_ON, partition, going.position, begins)
            if faults and not self._faults[partition]:
                await self._found(connection, faults[0])
            self._faults[partition] += len(faults)
            if going.done:
                with reachable():
                    await connection.execute(_END, partition, self._faults[partition] > 0)
        metrics.CHAIN_VERIFIED.labels(chain_name(partition)).set(going.position)
        if going.done:
            metrics.LOG_FAULTS.labels(chain_name(partition)).set(self._faults[partition])
            del self._under_way[partition]
            self._next[partition] = monotonic() + self._pause_s

    async def _found(self, connection: asyncpg.Connection, fault: Fault) -> None:
        told = f"{fault.code}: {fault.detail}"
        with reachable():
            await connection.execute(_FOUND, fault.partition, told, fault.position)
        metrics.LOG_FAULTS.labels(chain_name(fault.partition)).set(1)
        log.error(
            "log_damaged",
            partition=chain_name(fault.partition),
            position=fault.position,
            fault=fault.code,
        )
