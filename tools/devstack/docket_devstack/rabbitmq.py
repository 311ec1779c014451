"""A private RabbitMQ node in a folder: its own ports, epmd and cookie, loopback only.

Nodes of a cluster (`rabbitmq_cluster`) share epmd and cookie, which then lie in the folder above.
The node can be killed and started again on the same ports, as the fault tests need. Virtual hosts
are made through its management port, so that tests do not share queues.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from docket_devstack import processes
from docket_devstack.ports import LOOPBACK, answers, becomes_free, free_port
from docket_devstack.processes import Running
from docket_devstack.rabbitmq_files import BrokerFiles
from docket_devstack.rabbitmq_management import manage

_BOOT_PATIENCE_S = 60.0
_PLUGINS = "[rabbitmq_management].\n"
_CONFIG = """\
management.tcp.ip = {loopback}
management.tcp.port = {management}
management.rates_mode = none
log.file.level = warning
raft.wal_max_size_bytes = 33554432
"""
_CLUSTERED = """\
cluster_formation.peer_discovery_backend = classic_config
cluster_partition_handling = pause_minority
"""


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports of one node; they stay the same from start to start."""

    amqp: int
    distribution: int
    management: int
    epmd: int


@dataclass(frozen=True, slots=True)
class Node:
    """A node of RabbitMQ: the folder of its files, its ports, and its name among its peers."""

    folder: Path
    ports: Ports
    name: str = "docket"
    peers: tuple[str, ...] = ()
    """The names of all nodes of its cluster, its own among them; none where it stands alone."""

    @property
    def shared(self) -> Path:
        """Return the folder of what nodes of one cluster share: the port mapper and the cookie."""
        return self.folder.parent if self.peers else self.folder

    @property
    def server(self) -> Running | None:
        """Return the process of the broker, None when it does not run."""
        return processes.running(self.folder / "server.pid")

    @property
    def epmd(self) -> Running | None:
        """Return the process of the node's port mapper, None when it does not run."""
        return processes.running(self.shared / "epmd.pid")

    def url(self, vhost: str = "/") -> str:
        """Return the AMQP address of a virtual host."""
        spelled = "%2F" if vhost == "/" else vhost
        return f"amqp://guest:guest@{LOOPBACK}:{self.ports.amqp}/{spelled}"

    def create_vhost(self, name: str) -> None:
        """Create a virtual host in which guest may do everything."""
        self._manage("PUT", f"/api/vhosts/{name}", b"{}")
        everything = b'{"configure": ".*", "write": ".*", "read": ".*"}'
        self._manage("PUT", f"/api/permissions/{name}/guest", everything)

    def create_user(self, name: str, vhost: str, rights: Mapping[str, str]) -> None:
        """Create a user whose password is the name, with these rights in a virtual host."""
        self._manage("PUT", f"/api/users/{name}", b'{"password": "%b", "tags": ""}' % name.encode())
        self._manage("PUT", f"/api/permissions/{vhost}/{name}", msgspec.json.encode(rights))

    def drop_vhost(self, name: str) -> None:
        """Drop a virtual host with all its queues."""
        self._manage("DELETE", f"/api/vhosts/{name}")

    def quorum_queues(self) -> dict[str, list[str]]:
        """Return the quorum queues of all virtual hosts, each with the nodes that hold it now."""
        queues = msgspec.json.decode(self._manage("GET", "/api/queues"))
        quorum = [queue for queue in queues if queue.get("type") == "quorum"]
        return {queue["name"]: queue.get("online", []) for queue in quorum}

    def cluster_nodes(self) -> list[str]:
        """Return the names of the nodes of its cluster that run, as this node sees it."""
        nodes = msgspec.json.decode(self._manage("GET", "/api/nodes"))
        return [node["name"] for node in nodes if node["running"]]

    def _manage(self, method: str, path: str, body: bytes = b"") -> bytes:
        return manage(self.ports.management, method, path, body)


def start(folder: Path, files: BrokerFiles) -> Node:
    """Start the node of this folder and wait until it accepts connections; raise NotReady.

    Does nothing when it runs. The ports of the last start are kept if they are free.
    """
    found = running(folder)
    if found is not None:
        return found
    folder.mkdir(parents=True, exist_ok=True)
    node = Node(folder, claim_ports(folder))
    start_epmd(node, files)
    boot(node, files)
    return node


def start_epmd(node: Node, files: BrokerFiles) -> None:
    """Start the port mapper of a node or of its cluster, unless it runs."""
    _write_configuration(node)
    if node.epmd is None:
        processes.start(
            [files.epmd, "-address", LOOPBACK, "-port", str(node.ports.epmd)],
            env=_environment(node, files),
            log=node.shared / "epmd.log",
            pid_file=node.shared / "epmd.pid",
        )


def boot(node: Node, files: BrokerFiles) -> None:
    """Start a node whose port mapper runs; return when it accepts connections, or NotReady."""
    _write_configuration(node)
    log = node.folder / "server.log"
    server = processes.start(
        [str(files.sbin / "rabbitmq-server")],
        env=_environment(node, files),
        log=log,
        pid_file=node.folder / "server.pid",
    )
    try:
        processes.wait_until(
            lambda: answers(node.ports.amqp) and answers(node.ports.management),
            server,
            seconds=_BOOT_PATIENCE_S,
            what="RabbitMQ",
            log=log,
        )
    except processes.NotReady:
        stop(node)
        raise


def read(folder: Path) -> Node | None:
    """Return the node of this folder, running or not, None if none was ever started."""
    try:
        ports = msgspec.json.decode((folder / "ports.json").read_bytes(), type=Ports)
    except FileNotFoundError:
        return None
    return Node(folder, ports)


def running(folder: Path) -> Node | None:
    """Return the node of this folder if it runs."""
    node = read(folder)
    return node if node is not None and node.server is not None else None


def kill(node: Node) -> None:
    """Kill the broker as a power cut would; `start` brings it back on the same ports."""
    server = node.server
    if server is not None:
        processes.kill(server)


def stop(node: Node) -> None:
    """Stop the broker cleanly, and its port mapper after it unless others need that."""
    for process in (node.server, None if node.peers else node.epmd):
        if process is not None:
            processes.stop(process, patience=30)


def control(node: Node, files: BrokerFiles, *arguments: str) -> None:
    """Run rabbitmqctl against a running node; raise NotReady with its output."""
    environment = _environment(node, files)
    environment["RABBITMQ_CTL_ERL_ARGS"] = environment["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"]
    done = processes.run([str(files.sbin / "rabbitmqctl"), *arguments], env=environment)
    if done.returncode != 0:
        raise processes.NotReady(f"rabbitmqctl {' '.join(arguments)}: {done.stdout}")


def claim_ports(folder: Path, epmd: int | None = None) -> Ports:
    """Return the ports of the last start in this folder if they are free, else new ones."""
    kept = folder / "ports.json"
    if kept.exists():
        ports = msgspec.json.decode(kept.read_bytes(), type=Ports)
        ours = (ports.amqp, ports.distribution, ports.management)
        if all(becomes_free(port) for port in ours):
            return ports
    ports = Ports(free_port(), free_port(), free_port(), epmd or free_port())
    kept.write_bytes(msgspec.json.encode(ports))
    return ports


def _write_configuration(node: Node) -> None:
    (node.folder / "enabled_plugins").write_text(_PLUGINS)
    configuration = _CONFIG.format(loopback=LOOPBACK, management=node.ports.management)
    if node.peers:
        configuration += _CLUSTERED
    for number, peer in enumerate(node.peers, 1):
        configuration += f"cluster_formation.classic_config.nodes.{number} = {peer}@localhost\n"
    (node.folder / "rabbitmq.conf").write_text(configuration)
    cookie = node.shared / "cookie"
    if not cookie.exists():
        cookie.touch(mode=0o600)
        cookie.write_text(secrets.token_hex(20).upper())


def _environment(node: Node, files: BrokerFiles) -> dict[str, str]:
    folder, ports = node.folder, node.ports
    cookie = (node.shared / "cookie").read_text()
    own = {
        "NODENAME": f"{node.name}@localhost",
        "NODE_IP_ADDRESS": LOOPBACK,
        "NODE_PORT": str(ports.amqp),
        "DIST_PORT": str(ports.distribution),
        "MNESIA_BASE": str(folder / "mnesia"),
        "LOG_BASE": str(folder / "log"),
        "ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "PLUGINS_DIR": str(files.sbin.parent / "plugins"),
        "CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "CONF_ENV_FILE": os.devnull,
        "PID_FILE": str(folder / "node.pid"),
        "FEATURE_FLAGS_FILE": str(folder / "feature_flags"),
        "GENERATED_CONFIG_DIR": str(folder / "generated"),
        "SERVER_ADDITIONAL_ERL_ARGS": (
            f"-setcookie {cookie} -kernel inet_dist_use_interface {{127,0,0,1}}"
        ),
    }
    return {
        **files.environment,
        **{f"RABBITMQ_{name}": value for name, value in own.items()},
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "ERL_EPMD_PORT": str(ports.epmd),
        "ERL_EPMD_ADDRESS": LOOPBACK,
    }
