"""Verifying the log and the accesses in the background, round after round, slowly.

What a round finds stays in `docket.log_verifications` until a round finds nothing. The rows of
files are compared; their bytes are read again by `docket verify` alone, for sla-clock reaches no
file store.
"""

from collections import deque
from collections.abc import Mapping, Sequence
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
from docket_runtime.store.leases import Lease, LeaseLost, Leases, confirm
from docket_runtime.store.tail import partitions

CONSUMER = "verification"
IDLE_S = 1.0  # a batch a second: a thousand events
PAUSE_S = 60.0  # between two rounds
TOGETHER = 8
"""The chains that a step goes on with: however many there are, the pace stays bearable."""

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
        self.leases = Leases(CONSUMER)
        self._under_way: dict[int, tuple[Lease, VerificationPass]] = {}
        self._faults: dict[int, int] = {}
        self._next: dict[int, float] = {}
        self._turns: deque[int] = deque()

    async def step(self) -> bool:
        """Verify a batch of the chains whose turn it is, `TOGETHER` at most; raise Unavailable.

        Never returns that there is more, so that the pause of the loop sets the pace.
        """
        async with self._database.open() as connection:
            if connection is not self._session:
                self._session, self._under_way = connection, {}
            chains = (*await partitions(connection), ACCESS)
            led = await self.leases.held(connection, chains)
            for chain in self._due(led):
                try:
                    await self._advance(connection, led[chain])
                except LeaseLost as lost:
                    self.leases.lose(led[chain], lost)
        return False

    async def close(self) -> None:
        """Leave the chains to the others."""
        await self.leases.give_up(self._database)
        self._database.close()
        self._session = None

    def _due(self, led: Mapping[int, Lease]) -> list[int]:
        """Return the chains whose turn it is; the others come in the next step."""
        self._under_way = {
            chain: (lease, going)
            for chain, (lease, going) in self._under_way.items()
            if led.get(chain) == lease
        }
        known = set(self._turns)
        self._turns.extend(chain for chain in led if chain not in known)
        due: list[int] = []
        for _ in range(len(self._turns)):
            chain = self._turns.popleft()
            if chain not in led:
                continue
            rests = chain not in self._under_way and monotonic() < self._next.get(chain, 0.0)
            if rests or len(due) == TOGETHER:
                self._turns.append(chain)
            else:
                due.append(chain)
        self._turns.extend(due)
        return due

    async def _advance(self, connection: asyncpg.Connection, lease: Lease) -> None:
        chain = lease.chain
        begins = chain not in self._under_way
        if begins:
            going = await VerificationPass.begin(connection, chain, self._verifiers)
            self._under_way[chain] = lease, going
            self._faults[chain] = 0
        _, going = self._under_way[chain]
        faults = await going.step(connection)
        async with connection.transaction():
            await confirm(connection, lease)
            with reachable():
                await connection.execute(_GO_ON, chain, going.position, begins)
            if faults and not self._faults[chain]:
                await self._found(connection, faults[0])
            self._faults[chain] += len(faults)
            if going.done:
                with reachable():
                    await connection.execute(_END, chain, self._faults[chain] > 0)
        metrics.CHAIN_VERIFIED.labels(chain_name(chain)).set(going.position)
        if going.done:
            metrics.LOG_FAULTS.labels(chain_name(chain)).set(self._faults[chain])
            del self._under_way[chain]
            self._next[chain] = monotonic() + self._pause_s

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
