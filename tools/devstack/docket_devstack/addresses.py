"""The addresses of this checkout's running system."""

from dataclasses import dataclass
from urllib.parse import urlsplit

import msgspec

from docket_devstack.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of a system, `database` that of the superuser, and the clock it uses."""

    ticket_api: str
    sla_clock: str
    notifier: str
    mail_sink: str
    smtp: str
    amqp: str
    database: str
    clock: str

    def database_url(self, role: str) -> str:
        """Return the address of the database as this role."""
        server = urlsplit(self.database)
        return server._replace(netloc=f"{role}@{server.hostname}:{server.port}").geturl()


def read(workspace: Workspace) -> Addresses | None:
    """Return the addresses that the system had when it was last started, None if it never was."""
    try:
        return msgspec.json.decode(workspace.addresses.read_bytes(), type=Addresses)
    except (FileNotFoundError, msgspec.MsgspecError):
        return None


def write(workspace: Workspace, addresses: Addresses) -> None:
    """Keep the addresses for the commands that come after."""
    workspace.addresses.write_bytes(msgspec.json.encode(addresses))
