"""Docket as an operator installs it: the steps of the image, the command lines of the units.

An empty folder gets the wheel and its pinned dependencies, hash by hash. A DBA makes the roles. The
migration and the three services run as an unprivileged user who sees a file system that cannot be
written to but for one folder, as systemd and a container show it. A customer of a production system
opens a ticket, and gets the registration notice by mail.
"""

import asyncio
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import msgspec
import pytest
from image_steps import install
from joserfc import jwt
from joserfc.jwk import OKPKey
from read_only import read_only
from tools_of_deploy import DEPLOY, checked
from units import NAMES, Unit, read

from docket_devstack import keys, postgres, processes
from docket_devstack.ports import LOOPBACK, free_port
from docket_devstack.processes import Running
from docket_runtime.clock import wall_clock
from surroundings import Broker, MailSink

pytestmark = [pytest.mark.full, pytest.mark.timeout(600)]  # it installs 70 packages

ISSUER = "https://issuer.example"
SERVICES = tuple(name for name in NAMES if name != "migrate")
PATIENCE_S = 60
TICKET = {
    "product": "VMmanager 6",
    "subject": "Nodes do not answer",
    "description": "No node of the cluster answers since 09:00.",
    "contact": {"email": "ann@acme.example"},
}


@dataclass(frozen=True, slots=True)
class Installed:
    """An installation of one test: where the program is, and what stands for /etc and /var/lib."""

    prefix: Path
    folder: Path

    @property
    def state(self) -> Path:
        """Return what is written to; nothing else is."""
        return self.folder / "state"

    def environment(self, unit: Unit) -> dict[str, str]:
        """Return the environment of a unit as systemd makes it; load its credentials."""
        credentials = self.folder / "credentials" / unit.name
        credentials.mkdir(parents=True)
        for name, source in unit.credentials.items():
            shutil.copy(self.folder / source.removeprefix("/"), credentials / name)
        of_the_unit = {
            name: value.replace("%d", str(credentials)) for name, value in unit.environment.items()
        }
        (env_file,) = unit.service["EnvironmentFile"]
        lines = (self.folder / env_file.removeprefix("/")).read_text("utf-8").splitlines()
        temporary = self.state / "tmp" / unit.name
        temporary.mkdir(parents=True)
        around = {"PATH": "/usr/bin:/bin", "TMPDIR": str(temporary)}
        return around | of_the_unit | dict(line.split("=", 1) for line in lines)

    def command(self, unit: Unit) -> list[str]:
        """Return the command of a unit on a file system that cannot be written to."""
        return read_only(unit.command(self.prefix), but=self.state)


@pytest.fixture(scope="module")
def prefix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the image's steps install."""
    return install(tmp_path_factory.mktemp("image"))


@pytest.fixture
def installation(
    prefix: Path,
    own_folder: Path,
    virgin_cluster: postgres.Cluster,
    broker: Broker,
    mail_sink: MailSink,
) -> Installed:
    """An installation with its settings and secrets, and the roles that the DBA has made."""
    found = Installed(prefix, own_folder)
    found.state.mkdir()
    psql = partial(
        checked, postgres.binary("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", LOOPBACK
    )
    at = ("-p", str(virgin_cluster.port), "-U", "postgres")
    psql(*at, "-f", str(DEPLOY / "roles.sql"), "postgres")
    psql(*at, "-c", "create database docket owner docket_migrator", "postgres")
    for name in NAMES:
        role = f"docket_{name.replace('-', '_')}" if name != "migrate" else "docket_migrator"
        known = {
            "docket_database_url": virgin_cluster.url(role, "docket"),
            "docket_amqp_url": broker.url,
            "docket_smtp_url": mail_sink.url,
        }
        secrets = own_folder / "etc/docket/secrets" / name
        secrets.mkdir(parents=True)
        for credential in read(name).credentials:
            (secrets / credential).write_text(f"{known[credential]}\n")
    private, public = keys.make_checkpoint_keys(own_folder / "etc/docket/keys")
    settings = {
        "DOCKET_ALLOW": "guest-broker",
        "DOCKET_JWT_ISSUER": ISSUER,
        "DOCKET_JWT_KEYS": str(own_folder / "etc/docket/keys/tokens.jwks.json"),
        "DOCKET_CHECKPOINT_KEY": str(private),
        "DOCKET_CHECKPOINT_KEYS": str(public),
        "DOCKET_CHECKPOINTS_FILE": str(found.state / "checkpoints.jsonl"),
        "DOCKET_FILES_URL": (found.state / "files").as_uri(),
        "DOCKET_MAIL_FROM": "support@support.example",
        "DOCKET_AGENTS_ADDRESS": "agents@support.example",
        **{f"DOCKET_{name.replace('-', '_').upper()}_PORT": str(free_port()) for name in SERVICES},
    }
    lines = "".join(f"{name}={value}\n" for name, value in settings.items())
    (own_folder / "etc/docket/docket.env").write_text(lines)
    return found


async def test_a_stranger_installs_it_and_a_customer_opens_a_ticket(
    installation: Installed, virgin_cluster: postgres.Cluster, mail_sink: MailSink
) -> None:
    before = snapshot(installation.prefix)
    token = issue_token(installation)
    migrate = read("migrate")
    done = processes.run(
        installation.command(migrate), env=installation.environment(migrate), within=Path("/")
    )
    assert done.returncode == 0, done.stdout

    services = {name: Service.start(installation, name) for name in SERVICES}
    for service in services.values():
        await service.until(partial(service.says, "/readyz", 200), "ready")
        assert service.has_no_right()

    api = services["ticket-api"].url
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as ann:
        created = await ann.post(f"{api}/v1/tickets", json=TICKET)
    assert created.status_code == 201, created.text
    await services["notifier"].until(lambda: bool(mail_sink.mails()), "the notice")
    assert mail_sink.mails()[0].to == ("ann@acme.example",)
    relayed = partial(reached, virgin_cluster.url("docket_auditor", "docket"))
    await services["sla-clock"].until(relayed, "the relay and the clocks")

    for service in services.values():
        processes.stop(service.process)
    assert snapshot(installation.prefix) == before


@dataclass(frozen=True, slots=True)
class Service:
    """A service that runs: its name, its process, its log and its port."""

    name: str
    process: Running
    log: Path
    port: str

    @classmethod
    def start(cls, installation: Installed, name: str) -> "Service":
        """Start the command line of a unit."""
        unit = read(name)
        environment = installation.environment(unit)
        log = installation.folder / "log" / name
        process = processes.start(
            installation.command(unit),
            env=environment,
            log=log,
            pid_file=installation.folder / f"run/{name}.pid",
        )
        return cls(name, process, log, environment[f"DOCKET_{name.replace('-', '_').upper()}_PORT"])

    @property
    def url(self) -> str:
        """Return its address."""
        return f"http://{LOOPBACK}:{self.port}"

    async def until(self, is_so: Callable[[], bool], what: str) -> None:
        """Wait for something that the service does; fail with the end of its log."""
        wait = partial(processes.wait_until, what=f"{what} of {self.name}", log=self.log)
        await asyncio.to_thread(wait, is_so, self.process, seconds=PATIENCE_S)

    def says(self, path: str, status: int) -> bool:
        """Return whether it answers a request with this status."""
        try:
            return httpx.get(f"{self.url}{path}").status_code == status
        except httpx.TransportError:
            return False

    def has_no_right(self) -> bool:
        """Return whether its process has no capability."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return set(re.findall(r"^Cap(?:Eff|Prm):\t(\w+)$", status, re.MULTILINE)) == {"0" * 16}


def reached(database: str) -> bool:
    """Return whether the relay and the clocks have gone through what the log has."""
    query = "select distinct consumer from docket.checkpoints where position > 0 order by 1"
    told = checked(postgres.binary("psql"), "-XAtc", query, database)
    return {"relay", "sla-clock"} <= set(told.split())


def issue_token(installation: Installed) -> str:
    """Be the issuer: publish a key, and sign a customer's token with it."""
    key = OKPKey.generate_key("Ed25519", {"use": "sig", "alg": "Ed25519", "kid": "of-the-issuer"})
    public = installation.folder / "etc/docket/keys/tokens.jwks.json"
    public.write_bytes(msgspec.json.encode({"keys": [key.as_dict(private=False)]}))
    issued = int(wall_clock().timestamp())
    claims = {
        "iss": ISSUER,
        "aud": "docket",
        "sub": "ann",
        "role": "customer",
        "account": "acme",
        "iat": issued,
        "exp": issued + 1800,
    }
    header = {"alg": "Ed25519", "typ": "at+jwt", "kid": key.kid}
    return jwt.encode(header, claims, key, algorithms=["Ed25519"])


def snapshot(folder: Path) -> dict[Path, tuple[int, int]]:
    """Return the size and the time of change of every file."""
    files = [(file, file.lstat()) for file in folder.rglob("*")]
    return {file: (known.st_size, known.st_mtime_ns) for file, known in files}
