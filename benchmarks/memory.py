"""The memory of each service while 100,000 events pass through all three.

The whole system runs: PostgreSQL, RabbitMQ, a mail sink, the three services. Customers open tickets
and comment on them over HTTP; every event is tailed, counted, published and heard of. What a
service holds after the first events is the ground; what it ever holds later is held against it.
"""

import asyncio
from collections.abc import Mapping
from contextlib import ExitStack
from time import monotonic, sleep

import asyncpg
import psutil

from benchmarks.callers import Order, call, post
from benchmarks.figures import Effort, Figure, Subject
from benchmarks.http import CONNECTIONS, api_environment, customer_token, ticket_ids
from benchmarks.servers import BenchDatabase, Servers
from benchmarks.services import serving
from docket_devstack.ports import LOOPBACK, free_port
from docket_devstack.processes import Running

EVENTS, WARM, SLICES = 100_000, 20_000, 10
COMMENTS_OF_A_TICKET = 20
GOAL = 1.10
PATIENCE_S = 300.0

# the place that notifier keeps is half a minute behind on purpose
_BEHIND = """
    select coalesce(max(head_position - position), 1)
    from docket.log_partitions
    left join docket.checkpoints using (partition)
    where consumer in ('relay', 'sla-clock')
"""

_TICKET = {"product": "VMmanager 6", "subject": "Nodes do not answer"}
_COMMENT = {"text": "It has begun again on the third node, and we have attached the log."}


def run(servers: Servers, effort: Effort) -> Subject:
    """Measure the memory of each service, slice by slice, while events pass."""
    slice_ = effort.of(EVENTS) // SLICES
    with servers.database() as database, ExitStack() as stack:
        port, services = _start(servers, database, stack)
        token = customer_token(servers)
        for _ in range(max(1, effort.of(WARM) // slice_)):
            _pass(port, token, slice_)
            _catch_up(database)
        held = [_memory(services)]
        for _ in range(SLICES):
            _pass(port, token, slice_)
            _catch_up(database)
            held.append(_memory(services))
        passed = asyncio.run(_ask(database, "select sum(head_position) from docket.log_partitions"))
    figures = []
    for name in services:
        after_warming, *later = (each[name] for each in held)
        figures.append(
            Figure(
                f"{name}, at most in {passed:,} events",
                "MiB",
                tuple(later),
                floor=f"{after_warming:.0f} MiB after {passed - SLICES * slice_:,} events",
                ratio=max(later) / after_warming,
                goal=GOAL,
                at_most=True,
            )
        )
    return Subject("memory", tuple(figures))


MAIL_LIMITS = (
    "DOCKET_MAILS_PER_RECIPIENT",
    "DOCKET_MAILS_PER_ACCOUNT",
    "DOCKET_MAILS_PER_PRINCIPAL",
    "DOCKET_MAILS_TO_AGENTS",
)
"""They are not what is measured."""


def _start(
    servers: Servers, database: BenchDatabase, stack: ExitStack
) -> tuple[int, Mapping[str, Running]]:
    smtp, web = free_port(), free_port()
    api, clock, notifier = free_port(), free_port(), free_port()
    shared = {
        **api_environment(servers, database, api),
        "DOCKET_AMQP_URL": servers.broker().url(),
        "DOCKET_SMTP_URL": f"smtp://{LOOPBACK}:{smtp}",
        "DOCKET_MAIL_SINK_PORT": str(web),
        **dict.fromkeys(MAIL_LIMITS, "1000000"),
        "DOCKET_SLA_CLOCK_PORT": str(clock),
        "DOCKET_NOTIFIER_PORT": str(notifier),
    }

    def start(name: str, arguments: list[str], port: int, role: str) -> Running:
        environment = {**shared, "DOCKET_DATABASE_URL": database.url(role)}
        return stack.enter_context(
            serving(name, arguments, servers.folder, port=port, environment=environment)
        )

    mails = str(servers.folder / "mails")
    start("mail-sink", ["docket_cli", "mail-sink", "--mails", mails], web, "docket_auditor")
    return api, {
        "ticket-api": start("ticket-api", ["ticket_api"], api, "docket_ticket_api"),
        "sla-clock": start("sla-clock", ["sla_clock"], clock, "docket_sla_clock"),
        "notifier": start("notifier", ["notifier"], notifier, "docket_notifier"),
    }


def _pass(port: int, token: str, events: int) -> None:
    """Let about so many events pass: each new ticket has two, and its comments."""
    tickets = max(CONNECTIONS, events // (2 + COMMENTS_OF_A_TICKET))
    created = call(
        Order(port, CONNECTIONS, tickets, [post("/v1/tickets", _TICKET, token)] * tickets)
    )
    comments = [
        post(f"/v1/tickets/{ticket}/comment", _COMMENT, token) for ticket in ticket_ids(created)
    ]
    call(Order(port, CONNECTIONS, tickets * COMMENTS_OF_A_TICKET, comments))


def _catch_up(database: BenchDatabase) -> None:
    """Wait until relay and clocks have seen the whole log; raise TimeoutError."""
    deadline = monotonic() + PATIENCE_S
    while asyncio.run(_ask(database, _BEHIND)):
        if monotonic() > deadline:
            raise TimeoutError(f"the services are still behind after {PATIENCE_S:.0f} s")
        sleep(0.2)


def _memory(services: Mapping[str, Running]) -> Mapping[str, float]:
    return {
        name: psutil.Process(process.pid).memory_info().rss / 2**20
        for name, process in services.items()
    }


async def _ask(database: BenchDatabase, query: str) -> int:
    connection = await asyncpg.connect(database.url())
    try:
        return int(await connection.fetchval(query))
    finally:
        await connection.close()
