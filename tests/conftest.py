"""Fixtures that give a test its own database and its own broker, on private real servers.

database      a migrated database, cloned for this test: `database.url("docket_ticket_api")`
broker        an AMQP address with a virtual host of this test's own: `broker.url`
own_database  a migrated database on a cluster of this test's own, that may be crashed
own_broker    a RabbitMQ node of this test's own, that may be killed
"""

import signal
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

import private_servers
from docket_cli.local import broker_files, postgres, rabbitmq
from docket_cli.local.mailbox import Mail, Mailbox, listening
from private_servers import TEMPLATE, Servers

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Database:
    """A migrated database of one test."""

    cluster: postgres.Cluster
    name: str

    def url(self, role: str = "postgres") -> str:
        """Return its address as this role; postgres is the superuser."""
        return self.cluster.url(role, self.name)

    def crash(self) -> None:
        """Kill the server as a power cut would; only for `own_database`."""
        postgres.stop(self.cluster, how=signal.SIGKILL)

    def stop(self) -> None:
        """Shut the server down fast and cleanly; only for `own_database`."""
        postgres.stop(self.cluster)

    def start(self) -> None:
        """Start the server again on its port; only for `own_database`."""
        again = postgres.start(self.cluster.folder)
        assert again.port == self.cluster.port


@dataclass(frozen=True, slots=True)
class Broker:
    """A RabbitMQ virtual host of one test."""

    node: rabbitmq.Node
    files: broker_files.BrokerFiles
    vhost: str

    @property
    def url(self) -> str:
        """Return the AMQP address."""
        return self.node.url(self.vhost)

    def kill(self) -> None:
        """Kill the node as a power cut would; only for `own_broker`."""
        rabbitmq.kill(self.node)

    def stop(self) -> None:
        """Stop the node cleanly; only for `own_broker`."""
        rabbitmq.stop(self.node)

    def start(self) -> None:
        """Start the node again on its ports; only for `own_broker`."""
        again = rabbitmq.start(self.node.folder, self.files)
        assert again.ports == self.node.ports


@dataclass(frozen=True, slots=True)
class MailSink:
    """An SMTP server of one test that delivers nowhere."""

    mailbox: Mailbox
    port: int

    @property
    def url(self) -> str:
        """Return the SMTP address."""
        return f"smtp://127.0.0.1:{self.port}"

    def mails(self) -> list[Mail]:
        """Return what it was sent, in the order of arrival."""
        return self.mailbox.newest_first()[::-1]


@pytest.fixture(scope="session")
def servers() -> Servers:
    return private_servers.of_this_run()


@pytest.fixture(scope="session")
def cluster(servers: Servers) -> postgres.Cluster:
    return servers.cluster()


@pytest.fixture
def database(cluster: postgres.Cluster, worker_id: str) -> Iterator[Database]:
    name = f"docket_{worker_id}_{next(_numbers)}"
    cluster.create_database(name, template=TEMPLATE)
    yield Database(cluster, name)
    cluster.drop_database(name)


@pytest.fixture
def own_folder(servers: Servers, worker_id: str) -> Path:
    folder = servers.folder / f"own-{worker_id}-{next(_numbers)}"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def own_database(own_folder: Path) -> Iterator[Database]:
    cluster = postgres.start(own_folder / "postgres")
    private_servers.create_migrated(cluster, "docket")
    yield Database(cluster, "docket")
    postgres.stop(cluster, how=signal.SIGQUIT)


@pytest.fixture(scope="session")
def node(servers: Servers) -> rabbitmq.Node:
    return servers.node()


@pytest.fixture
def broker(servers: Servers, node: rabbitmq.Node, worker_id: str) -> Iterator[Broker]:
    vhost = f"test-{worker_id}-{next(_numbers)}"
    node.create_vhost(vhost)
    yield Broker(node, servers.broker_files(), vhost)
    node.drop_vhost(vhost)


@pytest.fixture
def own_broker(servers: Servers, own_folder: Path) -> Iterator[Broker]:
    files = servers.broker_files()
    node = rabbitmq.start(own_folder / "rabbitmq", files)
    yield Broker(node, files, "/")
    rabbitmq.kill(node)
    rabbitmq.stop(node)


@pytest.fixture
async def mail_sink(tmp_path: Path) -> AsyncIterator[MailSink]:
    mailbox = Mailbox(tmp_path / "mails")
    async with listening(mailbox, 0) as port:
        yield MailSink(mailbox, port)


def pytest_unconfigure(config: pytest.Config) -> None:
    in_worker = hasattr(config, "workerinput")
    if not in_worker:
        private_servers.of_this_run().stop()
