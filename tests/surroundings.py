"""What a test is given: a database, a broker, a mail sink, each of its own."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import sleep

from docket_devstack import postgres, rabbitmq, rabbitmq_files
from docket_devstack.mailbox import Mail, Mailbox


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
    files: rabbitmq_files.BrokerFiles
    vhost: str

    @property
    def url(self) -> str:
        """Return the AMQP address."""
        return self.node.url(self.vhost)

    def kill(self) -> None:
        """Kill the node as a power cut would; only for `own_broker`.

        RabbitMQ writes the name of a new quorum queue to its directory about a second late, and
        such a queue does not survive: that second is waited for.
        """
        for _ in range(200):
            if self._quorum_queues_are_on_disk():
                break
            sleep(0.05)
        rabbitmq.kill(self.node)

    def stop(self) -> None:
        """Stop the node cleanly; only for `own_broker`."""
        rabbitmq.stop(self.node)

    def start(self) -> None:
        """Start the node again on its ports; only for `own_broker`."""
        again = rabbitmq.start(self.node.folder, self.files)
        assert again.ports == self.node.ports

    @contextmanager
    def alarmed(self) -> Iterator[None]:
        """Let the node be short of memory for a block, so that it blocks who publishes.

        Only for `own_broker`.
        """
        rabbitmq.control(self.node, self.files, "set_vm_memory_high_watermark", "0.00001")
        try:
            yield
        finally:
            rabbitmq.control(self.node, self.files, "set_vm_memory_high_watermark", "0.6")

    def _quorum_queues_are_on_disk(self) -> bool:
        files = self.node.folder.glob("mnesia/*/quorum/*/names.dets")
        directory = b"".join(file.read_bytes() for file in files)
        ours = (f"{self.vhost}_{name}" for name in self.node.quorum_queues())
        return all(name.encode() in directory for name in ours)


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
