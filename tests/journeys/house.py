"""The whole house as a person outside meets it: three processes, a database, a broker, mailboxes.

Its clock stands (nearly) still at an instant and is moved by restarting the three services there,
as `DOCKET_CLOCK` allows in tests. Nothing here looks inside a service.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TypeVar

import httpx
import msgspec
from joserfc import jwt
from joserfc.jwk import OKPKey
from service_host import SERVICES
from service_host import start as start_service

from docket_devstack import processes
from docket_devstack.ports import free_port
from docket_runtime.clock import wall_clock
from postbox import Postbox
from unlimited import UNLIMITED_ENVIRONMENT

NEARLY_STILL = "0.000001"
MANY = "1000000"
PATIENCE_S = 40.0
HTTP = httpx.Client(timeout=15, limits=httpx.Limits(max_keepalive_connections=0))
"""Made once, for its TLS context costs more than a request; no connection outlives its request."""

T = TypeVar("T")


def eventually(look: Callable[[], T | None], what: str, patience_s: float = PATIENCE_S) -> T:
    """Return what `look` finds, as soon as it finds something true."""
    deadline = monotonic() + patience_s
    while True:
        found = look()
        if found:
            return found
        assert monotonic() < deadline, f"not within {patience_s:.0f} s: {what}"
        sleep(0.05)


def answers(address: str) -> bool:
    """Tell whether an address answers with 200."""
    try:
        return HTTP.get(address).status_code == 200
    except httpx.TransportError:
        return False


@dataclass
class House:
    """The three services over a database and a broker; `instant` is where their clock stands."""

    database: Any
    broker: Any
    folder: Path
    mailboxes: Postbox
    key: OKPKey = field(default_factory=lambda: OKPKey.generate_key("Ed25519"))
    instant: str = ""
    more: dict[str, str] = field(default_factory=dict)
    """Variables of all three services beside those of every house."""
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in SERVICES})
    _processes: dict[str, processes.Running] = field(default_factory=dict)

    def at(self, instant: str) -> None:
        """Move the clock to an instant: stop the services in peace, start them there."""
        self.stop()
        self.instant = instant
        self.start()

    def start(self, *names: str) -> None:
        """Start services (all) and wait until they are ready."""
        for name in names or tuple(SERVICES):
            log = self.folder / f"{name}.log"
            self._processes[name] = start_service(name, env=self._environment(name), log=log)
        for name in names or tuple(SERVICES):
            processes.wait_until(
                lambda name=name: self.ready(name),
                self._processes[name],
                seconds=PATIENCE_S,
                what=name,
                log=self.folder / f"{name}.log",
            )

    def start_another(self, name: str) -> str:
        """Start a second instance of a service; return its address."""
        port, log = free_port(), self.folder / f"second-{name}.log"
        environment = {
            **self._environment(name),
            f"DOCKET_{SERVICES[name].upper()}_PORT": str(port),
        }
        self._processes[f"second {name}"] = start_service(name, env=environment, log=log)
        address = f"http://127.0.0.1:{port}"
        eventually(lambda: answers(f"{address}/readyz"), f"a second {name}")
        return address

    def stop(self, *names: str) -> None:
        """Ask services (all) to end, all at once."""
        named = names or tuple(self._processes)
        ending = [self._processes.pop(name) for name in named if name in self._processes]
        with ThreadPoolExecutor(len(SERVICES)) as threads:
            list(threads.map(processes.stop, ending))

    def kill(self, *names: str) -> None:
        """End services (all) as a power cut would."""
        for name in names or tuple(self._processes):
            processes.kill(self._processes.pop(name))

    def pid(self, name: str) -> int:
        """Return the process id of a service that runs."""
        return self._processes[name].pid

    def caller(self, role: str, subject: str, account: str | None = None) -> "Caller":
        """Return somebody with a token who talks to ticket-api."""
        said = {
            "iss": "docket-dev",
            "aud": "docket",
            "sub": subject,
            "role": role,
            "exp": int(wall_clock().timestamp()) + 3600,
        }
        if account:
            said["account"] = account
        header = {"alg": "Ed25519", "typ": "at+jwt"}
        token = jwt.encode(header, said, self.key, algorithms=["Ed25519"])
        return Caller(f"http://127.0.0.1:{self.ports['ticket-api']}", token)

    def ready(self, name: str) -> bool:
        """Tell whether a service says that it is ready."""
        return answers(f"http://127.0.0.1:{self.ports[name]}/readyz")

    def _environment(self, name: str) -> dict[str, str]:
        keys = self.folder / "keys.json"
        keys.write_bytes(msgspec.json.encode({"keys": [self.key.as_dict(private=False)]}))
        real = wall_clock()
        warp = f"warp:{self.instant}@{real.isoformat()}x{NEARLY_STILL}"
        return {
            "PATH": os.environ["PATH"],
            "DOCKET_ENV": "test",
            "DOCKET_CLOCK": warp if self.instant else "system",
            "DOCKET_DATABASE_URL": self.database.url(f"docket_{SERVICES[name]}"),
            "DOCKET_AMQP_URL": self.broker.url,
            "DOCKET_SMTP_URL": self.mailboxes.url,
            "DOCKET_JWT_KEYS": str(keys),
            # all journeys of a house write to a few people within an hour
            "DOCKET_MAILS_PER_RECIPIENT": MANY,
            "DOCKET_MAILS_PER_ACCOUNT": MANY,
            "DOCKET_MAILS_PER_PRINCIPAL": MANY,
            "DOCKET_MAILS_TO_AGENTS": MANY,
            "DOCKET_FILES_URL": (self.folder / "files").as_uri(),
            **UNLIMITED_ENVIRONMENT,
            **self.more,
            **{f"DOCKET_{SERVICES[n].upper()}_PORT": str(port) for n, port in self.ports.items()},
        }


@dataclass(frozen=True)
class Caller:
    """Somebody at the other end of HTTP; repeats a request whose outcome is not known."""

    url: str
    token: str

    def at(self, address: str) -> "Caller":
        """Return the same person at another instance."""
        return Caller(address, self.token)

    def post(self, path: str, key: str | None = None, **body: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        if key is not None:
            headers["Idempotency-Key"] = key
        return HTTP.post(self.url + path, json=body, headers=headers)

    def get(self, path: str, **query: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = HTTP.get(self.url + path, headers=headers, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def tell(self, ticket_id: str, verb: str, **body: Any) -> dict[str, Any]:
        """Give a command that must be accepted; return the ticket after it."""
        answer = self.post(f"/v1/tickets/{ticket_id}/{verb}", **body)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def refused(self, ticket_id: str, verb: str, **body: Any) -> tuple[str, str]:
        """Give a command that must be refused; return its code and clause."""
        answer = self.post(f"/v1/tickets/{ticket_id}/{verb}", **body)
        assert answer.status_code in (403, 409), answer.text
        return answer.json()["code"], answer.json()["clause"]

    def history(self, ticket_id: str) -> list[dict[str, Any]]:
        return list(self.get(f"/v1/tickets/{ticket_id}/events", limit=200)["items"])

    def clock(self, ticket_id: str, at: str | None = None) -> dict[str, Any]:
        query = {"at": at} if at else {}
        return dict(self.get(f"/v1/tickets/{ticket_id}/clock", **query)["response_clock"])

    def sees(self, ticket_id: str, event_type: str, times: int = 1) -> dict[str, Any]:
        """Wait until the history has so many events of a type; return the last of them."""

        def look() -> list[dict[str, Any]] | None:
            found = [e for e in self.history(ticket_id) if e["type"] == event_type]
            assert len(found) <= times, f"{event_type} happened {len(found)} times"
            return found if len(found) == times else None

        return eventually(look, f"{times} x {event_type}")[-1]


def open_house(database: Any, broker: Any, folder: Path) -> Iterator[House]:
    """Give a house that is closed again whatever happens; its services are not started."""
    with ExitStack() as doors:
        mailboxes = Postbox()
        mailboxes.open()
        doors.callback(mailboxes.close)
        house = House(database, broker, folder, mailboxes)
        doors.callback(house.stop)
        yield house
