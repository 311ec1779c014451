"""The image: what it is built from, how it is built, and how it says that it is ready."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from tools_of_deploy import DEPLOY, HOUSE, checked, tool

from docket_devstack.ports import free_port
from docket_runtime.settings import Settings

DOCKERFILE = DEPLOY / "image/Dockerfile"
READY = DEPLOY / "image/ready.py"
PORTS = ("DOCKET_TICKET_API_PORT", "DOCKET_SLA_CLOCK_PORT", "DOCKET_NOTIFIER_PORT")


def test_hadolint_finds_nothing() -> None:
    checked(tool("hadolint"), "--failure-threshold", "style", DOCKERFILE)


def test_shellcheck_finds_nothing() -> None:
    checked(tool("shellcheck"), *DEPLOY.rglob("*.sh"))


def test_it_is_installed_into_a_new_folder_alone(tmp_path: Path) -> None:
    done = subprocess.run(
        [DEPLOY / "image/install.sh", tmp_path, tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{tmp_path} is there already: install into a new folder\n"


def test_its_context_has_only_what_is_there() -> None:
    taken = re.findall(r"^!(.+)$", (HOUSE / ".dockerignore").read_text("utf-8"), re.MULTILINE)

    assert taken
    assert [path for path in taken if not (HOUSE / path).exists()] == []


def test_it_is_no_root_and_names_the_version_of_the_project() -> None:
    text = DOCKERFILE.read_text("utf-8")
    version = re.search(r'^version = "(.+)"$', (HOUSE / "pyproject.toml").read_text(), re.MULTILINE)

    assert version is not None
    assert f"ARG VERSION={version[1]}\n" in text
    assert re.findall(r"^USER (.+)$", text, re.MULTILINE) == ["10001:10001"]


def test_it_asks_the_ports_that_services_have() -> None:
    text = READY.read_text("utf-8")

    for variable in PORTS:
        field = Settings.model_fields[variable.removeprefix("DOCKET_").lower()]
        assert f'"{variable}": {field.default}' in text


@pytest.mark.parametrize(("status", "code"), [(200, 0), (503, 1)])
@pytest.mark.parametrize("variable", PORTS)
def test_it_is_ready_when_its_service_is(variable: str, status: int, code: int) -> None:
    with answering(status) as port:
        done = asked({variable: str(port)})

    assert (done.returncode, done.stdout) == (code, '{"status": "so"}')


def test_without_a_service_it_is_not_ready() -> None:
    done = asked({})

    assert (done.returncode, done.stdout) == (1, "no service listens\n")


def asked(ports: dict[str, str]) -> subprocess.CompletedProcess[str]:
    others = {variable: str(free_port()) for variable in PORTS}
    return subprocess.run(
        [sys.executable, "-I", READY],
        env={"PATH": os.environ["PATH"], **others, **ports},
        capture_output=True,
        text=True,
        check=False,
    )


@contextmanager
def answering(status: int) -> Iterator[int]:
    """Answer every request with this status for a block; give the port."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status if self.path == "/readyz" else 404)
            self.end_headers()
            self.wfile.write(b'{"status": "so"}')

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
