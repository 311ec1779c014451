"""Three private RabbitMQ nodes that are one cluster, each of which can be killed and comes back."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from docket_devstack import processes, rabbitmq
from docket_devstack.rabbitmq import Node
from docket_devstack.rabbitmq_files import BrokerFiles

NAMES = ("docket1", "docket2", "docket3")
_JOIN_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True)
class Cluster:
    """The nodes of a cluster, and the folder of what they share."""

    folder: Path
    nodes: tuple[Node, ...]

    def url(self, vhost: str = "/") -> str:
        """Return the AMQP addresses of a virtual host, one for each node, with commas."""
        return ",".join(node.url(vhost) for node in self.nodes)

    def wait_until_whole(self, queues: Sequence[str] = ()) -> None:
        """Wait until every node runs and holds these quorum queues; raise NotReady."""
        deadline = monotonic() + _JOIN_PATIENCE_S
        while not self._is_whole(queues):
            if monotonic() > deadline:
                raise processes.NotReady(f"no whole cluster within {_JOIN_PATIENCE_S:.0f} s")
            sleep(0.1)

    def _is_whole(self, queues: Sequence[str]) -> bool:
        try:
            running = [set(node.cluster_nodes()) for node in self.nodes]
            held = self.nodes[0].quorum_queues()
        except (OSError, processes.NotReady):
            return False
        everywhere = {f"{name}@localhost" for name in NAMES}
        return all(each == everywhere for each in running) and all(
            set(held.get(queue, ())) == everywhere for queue in queues
        )


def start(folder: Path, files: BrokerFiles) -> Cluster:
    """Start the cluster of a folder and return when its nodes have found each other."""
    cluster = read(folder)
    if cluster is None:
        folder.mkdir(parents=True)
        epmd = None
        for name in NAMES:
            (folder / name).mkdir()
            epmd = rabbitmq.claim_ports(folder / name, epmd).epmd
        cluster = _of(folder)
    rabbitmq.start_epmd(cluster.nodes[0], files)
    with ThreadPoolExecutor(len(NAMES)) as threads:
        asleep = [node for node in cluster.nodes if node.server is None]
        list(threads.map(lambda node: rabbitmq.boot(node, files), asleep))
    cluster.wait_until_whole()
    return cluster


def read(folder: Path) -> Cluster | None:
    """Return the cluster of a folder, running or not, None if none was ever started."""
    return _of(folder) if (folder / NAMES[-1] / "ports.json").exists() else None


def stop(cluster: Cluster) -> None:
    """Kill every node and stop their port mapper."""
    for node in cluster.nodes:
        rabbitmq.kill(node)
    epmd = cluster.nodes[0].epmd
    if epmd is not None:
        processes.stop(epmd)


def _of(folder: Path) -> Cluster:
    nodes = []
    for name in NAMES:
        alone = rabbitmq.read(folder / name)
        assert alone is not None, "its ports were claimed"
        nodes.append(Node(alone.folder, alone.ports, name, NAMES))
    return Cluster(folder, tuple(nodes))
