"""Fixtures that give a test its own database and its own broker, on private real servers.

database      a migrated database, cloned for this test: `database.url("docket_ticket_api")`
broker        an AMQP address with a virtual host of this test's own: `broker.url`
own_database  a migrated database on a cluster of this test's own, that may be crashed
own_broker    a RabbitMQ node of this test's own, that may be killed
"""

from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest

import private_servers
from docket_devstack import postgres, rabbitmq
from docket_devstack.mailbox import Mailbox, listening
from private_servers import TEMPLATE, Servers
from surroundings import Broker, Database, MailSink

_numbers = count(1)


@pytest.fixture(scope="session")
def servers() -> Servers:
    return private_servers.of_this_run()


@pytest.fixture(scope="session")
def cluster(servers: Servers) -> postgres.Cluster:
    return servers.cluster()


@pytest.fixture
def database(cluster: postgres.Cluster, worker_id: str) -> Iterator[Database]:
    name = f"docket_{worker_id}_{next(_numbers)}"
    cluster.create_database(name, template=TEMPLATE, strategy="file_copy")
    yield Database(cluster, name)
    cluster.drop_database(name)


@pytest.fixture
def own_folder(servers: Servers, worker_id: str) -> Iterator[Path]:
    folder = servers.own_folder(f"{worker_id}-{next(_numbers)}")
    yield folder
    private_servers.clear(folder)


@pytest.fixture
def own_database(own_folder: Path) -> Database:
    cluster = postgres.start(own_folder / "postgres")
    private_servers.create_migrated(cluster, "docket")
    return Database(cluster, "docket")


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
def own_broker(servers: Servers, own_folder: Path) -> Broker:
    files = servers.broker_files()
    node = rabbitmq.start(own_folder / "rabbitmq", files)
    return Broker(node, files, "/")


@pytest.fixture
async def mail_sink(tmp_path: Path) -> AsyncIterator[MailSink]:
    mailbox = Mailbox(tmp_path / "mails")
    async with listening(mailbox, 0) as port:
        yield MailSink(mailbox, port)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the tests that have a time-out of their own, so that no long one ends alone."""
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)


def pytest_unconfigure(config: pytest.Config) -> None:
    in_worker = hasattr(config, "workerinput")
    if not in_worker:
        private_servers.of_this_run().stop()
