"""Start and stop the whole system of a checkout: servers, mail sink, services."""

import http.client
import os
import sys
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

from docket_devstack import keys, ports, postgres, processes, rabbitmq, rabbitmq_files
from docket_devstack.addresses import Addresses, read, write
from docket_devstack.errors import SetupError
from docket_devstack.workspace import Workspace
from docket_runtime.bus.broker import OFF
from docket_runtime.schema.upgrade import upgrade
from docket_runtime.settings import Settings

DATABASE = "docket"
_READY_PATIENCE_S = 60.0

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Service:
    """A process of the system: its name, how python starts it, its database role and its port."""

    name: str
    arguments: tuple[str, ...]
    role: str | None
    port_setting: str

    @property
    def port_variable(self) -> str:
        """Return the environment variable that sets the port."""
        return f"DOCKET_{self.port_setting.upper()}"


SERVICES = (
    Service("ticket-api", ("-m", "ticket_api"), "docket_ticket_api", "ticket_api_port"),
    Service("sla-clock", ("-m", "sla_clock"), "docket_sla_clock", "sla_clock_port"),
    Service("notifier", ("-m", "notifier"), "docket_notifier", "notifier_port"),
)
MAIL_SINK = Service(
    "mail-sink", ("-m", "docket_cli", "mail-sink", "--mails"), None, "mail_sink_port"
)


def start(workspace: Workspace, settings: Settings, say: Say) -> Addresses:
    """Start everything that does not run yet and return when all of it is ready; raise SetupError.

    `settings` gives the ports, and DOCKET_AMQP_URL if an existing broker is to be used.
    """
    _claim_ports(workspace, settings)
    before = read(workspace)
    with ThreadPoolExecutor(1) as aside:
        broker = aside.submit(_start_broker, workspace, settings, say)
        cluster = _start_database(workspace, settings, say)
        amqp = broker.result()
    found = Addresses(
        ticket_api=_http(settings.ticket_api_port),
        sla_clock=_http(settings.sla_clock_port),
        notifier=_http(settings.notifier_port),
        mail_sink=_http(settings.mail_sink_port),
        smtp=_smtp(workspace, before),
        amqp=amqp,
        database=cluster.url(database=DATABASE),
        clock=settings.clock,
    )
    if found != before:
        # what still runs has other settings
        for service in (*SERVICES, MAIL_SINK):
            _stop_process(workspace, service.name, say)
    write(workspace, found)
    environment = _environment(workspace, settings, found)
    for service in (MAIL_SINK, *SERVICES):
        own = {"DOCKET_DATABASE_URL": cluster.url(service.role, DATABASE)} if service.role else {}
        if service.name == "sla-clock":  # no other service has the key that signs
            own["DOCKET_CHECKPOINT_KEY"] = str(keys.make_checkpoint_keys(workspace.keys)[0])
        _start_service(workspace, service, environment | own)
    for service in (MAIL_SINK, *SERVICES):
        _wait_ready(workspace, service, getattr(settings, service.port_setting))
        say(f"{service.name} is ready")
    return found


def stop(workspace: Workspace, say: Say) -> None:
    """Stop the services, then the servers; return when no process of this checkout is left."""
    with ThreadPoolExecutor() as together:
        list(together.map(lambda each: _stop_process(workspace, each.name, say), SERVICES))
        _stop_process(workspace, MAIL_SINK.name, say)
        broker = together.submit(_stop_broker, workspace, say)
        cluster = postgres.running(workspace.postgres)
        if cluster is not None:
            postgres.stop(cluster)
            say("PostgreSQL has stopped")
        broker.result()


def _claim_ports(workspace: Workspace, settings: Settings) -> None:
    for service in (*SERVICES, MAIL_SINK):
        if not _running(workspace, service):
            ports.claim(getattr(settings, service.port_setting), service.port_variable)


def _start_database(workspace: Workspace, settings: Settings, say: Say) -> postgres.Cluster:
    cluster = postgres.start(workspace.postgres)
    if not cluster.has_database(DATABASE):
        cluster.create_database(DATABASE)
    url = cluster.url(database=DATABASE)
    upgrade(url, log_partitions=settings.log_partitions, development=True)
    say(f"PostgreSQL is ready on port {cluster.port}, its schema up to date")
    return cluster


def _start_broker(workspace: Workspace, settings: Settings, say: Say) -> str:
    if "amqp_url" in settings.model_fields_set:
        return settings.amqp_url
    try:
        files = rabbitmq_files.find(workspace.broker_files)
    except rabbitmq_files.NoBroker as reason:
        say(
            f"NO MESSAGE BROKER: {reason}\n"
            "Without one no event is published. To get one, install the package "
            "rabbitmq-server, or set DOCKET_AMQP_URL to a RabbitMQ you have."
        )
        return OFF
    node = rabbitmq.start(workspace.rabbitmq, files)
    say(f"RabbitMQ is ready on port {node.ports.amqp}")
    return node.url()


def _smtp(workspace: Workspace, before: Addresses | None) -> str:
    if before is not None and _running(workspace, MAIL_SINK):
        return before.smtp
    last = urlsplit(before.smtp).port if before else None
    return f"smtp://{ports.LOOPBACK}:{ports.free_or_other(last)}"


def _http(port: int) -> str:
    return f"http://{ports.LOOPBACK}:{port}"


def _environment(workspace: Workspace, settings: Settings, found: Addresses) -> dict[str, str]:
    # variables that make passes to its children concern make alone
    ours = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    usual = {"DOCKET_CONSOLE_URL": f"{_http(settings.ticket_api_port)}/console"}
    return (
        usual
        | ours
        | {
            "DOCKET_ENV": settings.env,
            "DOCKET_AMQP_URL": found.amqp,
            "DOCKET_SMTP_URL": found.smtp,
            "DOCKET_JWT_KEYS": str(keys.public_keys(workspace.keys)),
            "DOCKET_FILES_URL": workspace.files.as_uri(),
            "DOCKET_CHECKPOINT_KEYS": str(keys.make_checkpoint_keys(workspace.keys)[1]),
            "DOCKET_CHECKPOINTS_FILE": str(workspace.checkpoints),
        }
    )


def _start_service(workspace: Workspace, service: Service, environment: Mapping[str, str]) -> None:
    if not _running(workspace, service):
        where = (str(workspace.mails),) if service is MAIL_SINK else ()
        processes.start(
            [sys.executable, *service.arguments, *where],
            env=environment,
            log=workspace.log(service.name),
            pid_file=workspace.pid_file(service.name),
        )


def _wait_ready(workspace: Workspace, service: Service, port: int) -> None:
    process = _running(workspace, service)
    log = workspace.log(service.name)
    if process is None:
        raise SetupError(f"{service.name} ended while starting; {processes.last_lines(log)}")
    try:
        processes.wait_until(
            lambda: _readiness(port)[0] == 200,
            process,
            seconds=_READY_PATIENCE_S,
            what=service.name,
            log=log,
        )
    except processes.NotReady as error:
        raise SetupError(f"{error}\nit says of itself: {_readiness(port)[1]}") from error


def _readiness(port: int) -> tuple[int, str]:
    """Return the status and the body of a service's /readyz; 0 if it does not answer."""
    connection = http.client.HTTPConnection(ports.LOOPBACK, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)
    finally:
        connection.close()


def _running(workspace: Workspace, service: Service) -> processes.Running | None:
    return processes.running(workspace.pid_file(service.name))


def _stop_process(workspace: Workspace, name: str, say: Say) -> None:
    process = processes.running(workspace.pid_file(name))
    if process is not None:
        processes.stop(process)
        say(f"{name} has stopped")


def _stop_broker(workspace: Workspace, say: Say) -> None:
    node = rabbitmq.read(workspace.rabbitmq)
    if node is not None and (node.server or node.epmd):
        rabbitmq.stop(node)
        say("RabbitMQ has stopped")
