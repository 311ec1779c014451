"""A command over HTTP, held against a bare Starlette handler that does one asyncpg insert.

32 connections are kept alive; every request has a token and an idempotency key. Both servers run
under uvicorn in one process each, and the callers in another.
"""

from datetime import timedelta
from uuid import UUID

import msgspec

from benchmarks.bare import TABLE
from benchmarks.callers import Answers, Order, call, post
from benchmarks.figures import Effort, Figure, Subject, against, interleave
from benchmarks.servers import BenchDatabase, Servers
from benchmarks.services import serving
from docket_devstack import keys
from docket_devstack.ports import free_port
from docket_runtime.clock import wall_clock
from docket_runtime.settings import Settings

CONNECTIONS = 32
REQUESTS = 12_000
TICKETS = 3_600  # so that histories stay at tens of events
GOAL = 0.4
UNBOUNDED = "1000000 per 1 seconds"
BARE, CREATE, COMMENT = "bare handler, one insert", "POST create", "POST comment"

_TICKET = {
    "product": "VMmanager 6",
    "subject": "Nodes do not answer",
    "description": "No node of the cluster answers since 09:00. " * 5,
    "contact": {"email": "ann@acme.example"},
}
_COMMENT = {"text": "It has begun again on the third node, and we have attached the log. " * 3}


def run(servers: Servers, effort: Effort) -> Subject:
    """Measure requests a second of create, of comment and of the floor."""
    requests = effort.of(REQUESTS, least=CONNECTIONS)
    bare_port, api_port = free_port(), free_port()
    with servers.database() as database, servers.database() as floor:
        servers.execute(floor, TABLE)
        with (
            serving(
                "bare",
                ["benchmarks.bare", floor.url(), str(bare_port)],
                servers.folder,
                port=bare_port,
            ),
            serving(
                "ticket-api",
                ["ticket_api"],
                servers.folder,
                port=api_port,
                environment=api_environment(servers, database, api_port),
            ),
        ):
            token = customer_token(servers)
            create = [post("/v1/tickets", _TICKET, token)]
            bare = [post("/", _COMMENT)]
            ids = ticket_ids(call(Order(api_port, CONNECTIONS, TICKETS, create * TICKETS)))
            comments = [post(f"/v1/tickets/{each}/comment", _COMMENT, token) for each in ids]
            texts = {
                BARE: (bare_port, bare * CONNECTIONS),
                CREATE: (api_port, create * CONNECTIONS),
                COMMENT: (api_port, comments),
            }
            answers: dict[str, list[Answers]] = {name: [] for name in texts}

            def measure(name: str) -> float:
                port, own = texts[name]
                answers[name].append(call(Order(port, CONNECTIONS, requests, own)))
                return answers[name][-1].a_second

            for name in texts:  # once unmeasured, to be warm
                measure(name)
                answers[name].clear()
            rounds = interleave(
                {name: lambda name=name: measure(name) for name in texts},  # type: ignore[misc]
                effort.rounds,
            )
    figures = against(BARE, rounds, "requests/s", {CREATE: GOAL, COMMENT: GOAL})
    return Subject("http", (*figures, *(_p99(name, answers[name]) for name in texts)))


def api_environment(servers: Servers, database: BenchDatabase, port: int) -> dict[str, str]:
    """Return the settings of a ticket-api on this database and port."""
    return {
        "DOCKET_ENV": "dev",
        "DOCKET_DATABASE_URL": database.url("docket_ticket_api"),
        "DOCKET_AMQP_URL": "none",
        "DOCKET_JWT_KEYS": str(keys.public_keys(servers.folder / "keys")),
        "DOCKET_TICKET_API_PORT": str(port),
        # one customer makes all requests here; they are counted, and never too many
        "DOCKET_RATE": UNBOUNDED,
        "DOCKET_RATE_ACCOUNT": UNBOUNDED,
    }


def customer_token(servers: Servers) -> str:
    """Return a token of Ann of acme, good for an hour."""
    return keys.token(
        servers.folder / "keys",
        Settings(env="dev"),
        role="customer",
        subject="ann",
        account="acme",
        now=wall_clock(),
        ttl=timedelta(hours=1),
    )


def ticket_ids(answers: Answers) -> list[UUID]:
    """Return the ids of the tickets that were created."""
    return [UUID(msgspec.json.decode(body)["id"]) for body in answers.bodies]


def _p99(name: str, answers: list[Answers]) -> Figure:
    return Figure(f"{name}, p99", "ms", tuple(each.p99_ms for each in answers))
