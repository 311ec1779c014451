"""Where RabbitMQ's files come from: those installed, else the system's packages unpacked in here.

Unpacking needs no root and installs nothing: apt fetches the packages with lists of its own, dpkg
only extracts them. Nothing is started and no account is made.
"""

import os
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from docket_devstack.errors import SetupError
from docket_devstack.processes import run

_PACKAGE = "rabbitmq-server"
_INSTALLED = (
    "/usr/lib/rabbitmq/lib/rabbitmq_server-*/sbin",  # Debian, Ubuntu, Fedora
    "/opt/homebrew/opt/rabbitmq/sbin",
    "/usr/local/opt/rabbitmq/sbin",
    "/opt/rabbitmq/sbin",  # the official container image
)


class NoBroker(SetupError):
    """There is no RabbitMQ and no way to fetch one here; the message says how to get one."""


@dataclass(frozen=True, slots=True)
class BrokerFiles:
    """RabbitMQ's own scripts (not the wrappers that change user) and the Erlang that runs them."""

    sbin: Path
    erlang: Path | None = None
    libraries: Path | None = None

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables that make the scripts find this Erlang."""
        path = os.environ.get("PATH", os.defpath)
        if self.erlang is None:
            return {"PATH": path}
        found = {"PATH": f"{self.erlang / 'bin'}:{path}", "ERL_ROOTDIR": str(self.erlang)}
        return found | ({"LD_LIBRARY_PATH": str(self.libraries)} if self.libraries else {})

    @property
    def epmd(self) -> str:
        """Return the path of Erlang's port mapper; raise NoBroker."""
        erlang = self.erlang or Path("/usr/lib/erlang")
        found = [str(each) for each in sorted(erlang.glob("erts-*/bin/epmd"))]
        on_path = shutil.which("epmd")
        if not found and on_path is None:
            raise NoBroker("Erlang's epmd is missing")
        return found[-1] if found else str(on_path)


def find(unpacked: Path) -> BrokerFiles:
    """Return the files of an installed RabbitMQ, else of one unpacked here; raise NoBroker."""
    if shutil.which("erl"):
        for pattern in _INSTALLED:
            for sbin in sorted(Path("/").glob(pattern[1:]), reverse=True):
                return BrokerFiles(sbin)
    return unpack(unpacked)


def unpack(folder: Path) -> BrokerFiles:
    """Fetch RabbitMQ and its Erlang with apt and extract them here, once; raise NoBroker."""
    done = folder / "complete"
    if not done.exists():
        missing = [each for each in ("apt-get", "dpkg-deb") if not shutil.which(each)]
        if missing:
            raise NoBroker(f"no RabbitMQ is installed and there is no {missing[0]} to fetch one")
        shutil.rmtree(folder, ignore_errors=True)
        _fetch_and_extract(folder)
        _move_root(folder / "usr/lib/erlang")
        done.touch()
    sbin = next((folder / "usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin"))
    libraries = next((folder / "usr/lib").glob("*-linux-*"), None)
    return BrokerFiles(sbin, folder / "usr/lib/erlang", libraries)


def _fetch_and_extract(folder: Path) -> None:
    lists, cache, packages = folder / "apt/lists", folder / "apt/cache", folder / "packages"
    for each in (lists / "partial", cache / "archives/partial", packages):
        each.mkdir(parents=True)
    own_state = [
        *("-o", f"Dir::State::lists={lists}"),
        *("-o", f"Dir::Cache={cache}"),
        *("-o", "APT::Sandbox::User=root"),
    ]
    _apt("apt-get", *own_state, "update")
    _apt("apt-get", *own_state, "download", *_packages(own_state), within=packages)
    for package in packages.iterdir():
        _apt("dpkg-deb", "-x", str(package), str(folder))
    shutil.rmtree(packages)
    shutil.rmtree(folder / "apt")


def _packages(own_state: Sequence[str]) -> list[str]:
    """Name RabbitMQ, all of its Erlang, and the C libraries that this machine does not have."""
    no_more = ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")
    options = [f"--no-{each}" for each in no_more]
    closure = _apt("apt-cache", *own_state, "depends", "--recurse", *options, _PACKAGE)
    erlang = set(re.findall(r"^(erlang-\S+|rabbitmq-server)$", closure, re.MULTILINE))
    simulated = _apt("apt-get", *own_state, "install", "-s", "--no-install-recommends", _PACKAGE)
    libraries = set(re.findall(r"^Inst (lib\S+)", simulated, re.MULTILINE))
    return sorted(erlang | libraries)


def _apt(*command: str, within: Path | None = None) -> str:
    done = run(command, within=within)
    if done.returncode != 0:
        raise NoBroker(f"{' '.join(command[:1])} could not fetch RabbitMQ: {done.stdout.strip()}")
    return done.stdout


def _move_root(erlang: Path) -> None:
    """Make the `erl` scripts work in this folder: they name the one of their package."""
    for script in [*erlang.glob("bin/erl"), *erlang.glob("erts-*/bin/erl")]:
        moved = script.read_text().replace("ROOTDIR=/usr/lib/erlang", f'ROOTDIR="{erlang}"')
        script.write_text(moved)
