"""Fixtures that give a test its own database and its own broker, on private real servers.

database      a migrated database, cloned for this test: `database.url("docket_ticket_api")`
broker        an AMQP address with a virtual host of this test's own: `broker.url`
own_database  a migrated database on a cluster that forgets nothing and that a test may crash
own_broker    a virtual host on a RabbitMQ node that a test may kill

What may be crashed serves one test at a time, and is started again for the next one.
"""

from collections.abc import AsyncIterator, Iterator
from itertools import count
from pathlib import Path

import pytest

from docket_devstack import postgres, rabbitmq
from docket_devstack.mailbox import Mailbox, listening
from docket_runtime.process.logs import configure_unnamed
from servers import TEMPLATE, Servers, clear, of_this_run, start_cluster
from surroundings import Broker, Database, MailSink

_numbers = count(1)

configure_unnamed()  # a traceback with the values of variables takes seconds to print


@pytest.fixture(scope="session")
def servers() -> Servers:
    return of_this_run()


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
    clear(folder)


@pytest.fixture(scope="session")
def own_servers(servers: Servers, worker_id: str) -> Iterator[Path]:
    """The folder of the servers that the tests of this worker kill, one test after the other."""
    folder = servers.own_folder(f"{worker_id}-killed")
    yield folder
    clear(folder)


@pytest.fixture
def own_database(own_servers: Path, worker_id: str) -> Iterator[Database]:
    cluster = start_cluster(own_servers)
    name = f"docket_{worker_id}_{next(_numbers)}"
    cluster.create_database(name, template=TEMPLATE)
    yield Database(cluster, name)
    start_cluster(own_servers).drop_database(name)


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
def own_broker(servers: Servers, own_servers: Path, worker_id: str) -> Iterator[Broker]:
    files = servers.broker_files()
    node = rabbitmq.start(own_servers / "rabbitmq", files)
    vhost = f"test-{worker_id}-{next(_numbers)}"
    node.create_vhost(vhost)
    yield Broker(node, files, vhost)
    rabbitmq.start(node.folder, files).drop_vhost(vhost)


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
        of_this_run().stop()
