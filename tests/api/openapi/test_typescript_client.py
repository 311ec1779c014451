"""A TypeScript client is generated from the OpenAPI document, compiles strictly, and works."""

import asyncio
import fcntl
import json
import shutil
import subprocess
from pathlib import Path

import jsonschema_rs
import pytest
from document import DOCUMENT
from streaming import serving

HOUSE = Path(__file__).parents[3]
CLIENT = HOUSE / "clients/typescript"
NEEDED = ("node", "npm")

pytestmark = pytest.mark.skipif(
    not all(shutil.which(name) for name in NEEDED), reason="node and npm are not installed"
)


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command; return what it printed, fail with it where the command fails."""
    done = subprocess.run(command, cwd=cwd, capture_output=True)
    assert done.returncode == 0, (done.stdout + done.stderr).decode(errors="replace")[-5000:]
    return done.stdout.decode()


@pytest.fixture(scope="session")
def packages() -> Path:
    """The installed packages of the client, those of the lock file."""
    made = CLIENT / "node_modules/.package-lock.json"
    with (CLIENT / "package-lock.json").open() as alone:
        # the workers of a run share the checkout, and npm must not be in it twice
        fcntl.flock(alone, fcntl.LOCK_EX)
        make = ("make", "--silent", made.relative_to(HOUSE))
        done = subprocess.run(make, cwd=HOUSE, capture_output=True, text=True)
        assert done.returncode == 0, (done.stdout + done.stderr)[-5000:]
    return made.parent


@pytest.fixture(scope="module")
def compiled(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The client, generated from the document of this code and compiled."""
    tmp_path = tmp_path_factory.mktemp("client")
    shutil.copytree(CLIENT / "src", tmp_path / "src", ignore=lambda *_: ["docket.ts"])
    for name in ("package.json", "tsconfig.json"):
        shutil.copy(CLIENT / name, tmp_path / name)
    (tmp_path / "node_modules").symlink_to(packages)
    document = tmp_path / "openapi.json"
    document.write_text(json.dumps(DOCUMENT), encoding="utf-8")
    generate = ("openapi-typescript", document, "--default-non-nullable=false")
    run("npx", "--no-install", *generate, "-o", "src/docket.ts", cwd=tmp_path)
    run("npx", "--no-install", "tsc", cwd=tmp_path)
    return tmp_path / "dist"


@pytest.mark.timeout(300)
async def test_the_generated_client_opens_a_ticket_and_reads_its_clock(compiled, settings, signer):
    token = signer.token("customer", "ann", "acme")

    async with serving(settings) as url:
        script = compiled / "first-ticket.js"
        printed = await asyncio.to_thread(run, "node", script, url, token, cwd=compiled)

    told = json.loads(printed)
    assert told["number"].startswith("DKT-")
    assert told == {
        "number": told["number"],
        "listed": True,
        "clock": "not_started",
        "spans": 0,
        "refused": "not_suspended",
    }


@pytest.mark.timeout(300)
def test_what_the_document_does_not_know_does_not_compile(compiled):
    wrong = compiled.parent / "src" / "wrong.ts"
    wrong.write_text(
        'import { connect } from "./client.js";\n'
        'await connect("", "").POST("/v1/tickets", { body: { product: 6, colour: "red" } });\n',
        encoding="utf-8",
    )

    with pytest.raises(AssertionError, match=r"wrong\.ts"):
        run("npx", "--no-install", "tsc", "--noEmit", cwd=compiled.parent)


def test_the_bus_is_described_in_asyncapi_3(packages):
    shapes = packages / "@asyncapi/specs/schemas/3.0.0-without-$id.json"
    described = json.loads((HOUSE / "docs/asyncapi.json").read_bytes())

    shape = jsonschema_rs.validator_for(json.loads(shapes.read_bytes()))

    assert [error.message[:300] for error in shape.iter_errors(described)] == []
