"""A private RabbitMQ node in a folder: its own ports, epmd and cookie, loopback only.

The node can be killed and started again on the same ports, as the fault tests need. Virtual hosts
are made through its management port, so that tests do not share queues.
"""

import base64
import http.client
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

import msgspec

from docket_devstack import processes
from docket_devstack.ports import LOOPBACK, answers, becomes_free, free_port
from docket_devstack.processes import Running
from docket_devstack.rabbitmq_files import BrokerFiles

_BOOT_PATIENCE_S = 60.0
_PLUGINS = "[rabbitmq_management].\n"
_CONFIG = """\
management.tcp.ip = {loopback}
management.tcp.port = {management}
management.rates_mode = none
log.file.level = warning
raft.wal_max_size_bytes = 33554432
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
    """A node of RabbitMQ: the folder of its files, and its ports."""

    folder: Path
    ports: Ports

    @property
    def server(self) -> Running | None:
        """Return the process of the broker, None when it does not run."""
        return processes.running(self.folder / "server.pid")

    @property
    def epmd(self) -> Running | None:
        """Return the process of the node's port mapper, None when it does not run."""
        return processes.running(self.folder / "epmd.pid")

    def url(self, vhost: str = "/") -> str:
        """Return the AMQP address of a virtual host."""
        spelled = "%2F" if vhost == "/" else vhost
        return f"amqp://guest:guest@{LOOPBACK}:{self.ports.amqp}/{spelled}"

    def create_vhost(self, name: str) -> None:
        """Create a virtual host in which guest may do everything."""
        self._manage("PUT", f"/api/vhosts/{name}", b"{}")
        everything = b'{"configure": ".*", "write": ".*", "read": ".*"}'
        self._manage("PUT", f"/api/permissions/{name}/guest", everything)

    def drop_vhost(self, name: str) -> None:
        """Drop a virtual host with all its queues."""
        self._manage("DELETE", f"/api/vhosts/{name}", b"")

    def quorum_queues(self) -> set[str]:
        """Return the names of the quorum queues of all virtual hosts."""
        queues = msgspec.json.decode(self._manage("GET", "/api/queues", b""))
        return {queue["name"] for queue in queues if queue.get("type") == "quorum"}

    def _manage(self, method: str, path: str, body: bytes) -> bytes:
        credentials = base64.b64encode(b"guest:guest").decode()
        headers = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
        connection = http.client.HTTPConnection(LOOPBACK, self.ports.management, timeout=30)
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            told = answer.read()
        finally:
            connection.close()
        if answer.status >= 300:
            raise processes.NotReady(f"{method} {path}: {answer.status} {told.decode()}")
        return told


def start(folder: Path, files: BrokerFiles) -> Node:
    """Start the node of this folder and wait until it accepts connections; raise NotReady.

    Does nothing when it runs. The ports of the last start are kept if they are free.
    """
    found = running(folder)
    if found is not None:
        return found
    folder.mkdir(parents=True, exist_ok=True)
    node = Node(folder, _ports(folder))
    _write_configuration(node)
    environment = _environment(node, files)
    if node.epmd is None:
        processes.start(
            [files.epmd, "-address", LOOPBACK, "-port", str(node.ports.epmd)],
            env=environment,
            log=folder / "epmd.log",
            pid_file=folder / "epmd.pid",
        )
    log = folder / "server.log"
    server = processes.start(
        [str(files.sbin / "rabbitmq-server")],
        env=environment,
        log=log,
        pid_file=folder / "server.pid",
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
    return node


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
    """Stop the broker cleanly, and its port mapper after it."""
    for process in (node.server, node.epmd):
        if process is not None:
            processes.stop(process, patience=30)


def control(node: Node, files: BrokerFiles, *arguments: str) -> None:
    """Run rabbitmqctl against a running node; raise NotReady with its output."""
    environment = _environment(node, files)
    environment["RABBITMQ_CTL_ERL_ARGS"] = environment["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"]
    done = processes.run([str(files.sbin / "rabbitmqctl"), *arguments], env=environment)
    if done.returncode != 0:
        raise processes.NotReady(f"rabbitmqctl {' '.join(arguments)}: {done.stdout}")


def _ports(folder: Path) -> Ports:
    kept = folder / "ports.json"
    if kept.exists():
        ports = msgspec.json.decode(kept.read_bytes(), type=Ports)
        ours = (ports.amqp, ports.distribution, ports.management)
        if all(becomes_free(port) for port in ours):
            return ports
    ports = Ports(free_port(), free_port(), free_port(), free_port())
    kept.write_bytes(msgspec.json.encode(ports))
    return ports


def _write_configuration(node: Node) -> None:
    (node.folder / "enabled_plugins").write_text(_PLUGINS)
    configuration = _CONFIG.format(loopback=LOOPBACK, management=node.ports.management)
    (node.folder / "rabbitmq.conf").write_text(configuration)
    cookie = node.folder / "cookie"
    if not cookie.exists():
        cookie.touch(mode=0o600)
        cookie.write_text(secrets.token_hex(20).upper())


def _environment(node: Node, files: BrokerFiles) -> dict[str, str]:
    folder, ports = node.folder, node.ports
    cookie = (folder / "cookie").read_text()
    own = {
        "NODENAME": "docket@localhost",
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
