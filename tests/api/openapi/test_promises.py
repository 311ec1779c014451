"""schemathesis asks a running ticket-api everything its OpenAPI document promises, and all holds.

All checks, in every phase: the examples of the document, the edges of every shape, random requests
that fit and that do not, and walks along the links of the document. The seed is fixed.
"""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import httpx
import pytest
from promises import ASKING, configuration
from streaming import serving

from docket_simulation.clauses import all_clauses

TICKETS = 30
PARTS = {
    "commands": ("--phases", "examples,fuzzing", "--include-tag", "commands"),
    "everything else": ("--phases", "examples,fuzzing", "--exclude-tag", "commands"),
    "walks": ("--phases", "stateful"),
}
"""What is asked at once, so that processes can share the work."""
HERE = Path(__file__).parent


async def hold(settings, signer, folder: Path, options: Sequence[str], examples: int) -> None:
    """Run schemathesis against a service of its own; fail with what it found."""
    accounts = {"customer": "acme"}
    lasting = {"exp": signer.now + 36_000}
    tokens = {r: signer.token(r, f"the-{r}", accounts.get(r), **lasting) for r in ASKING}
    async with serving(settings) as url:
        ids = {
            "ticket_id": await _opened(url, tokens["customer"]),
            "account_id": ["acme"],
            "type_name": ["TicketCreated", "ClosureDecided"],
            "pack": ["regulations", "I"],
            "revision": ["R-2025-03-27", "I-2025-09-08"],
            "clause_id": [*all_clauses()][:20],
        }
        config, found = folder / "schemathesis.toml", folder / "found.txt"
        config.write_text(configuration(tokens, ids, examples), encoding="utf-8")
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config)]
        command += ["run", f"{url}/openapi.json", *options, "--warnings", "off"]
        with found.open("wb") as out:
            asking = await asyncio.create_subprocess_exec(
                *command,
                stdout=out,
                stderr=asyncio.subprocess.STDOUT,
                cwd=folder,
                env={
                    "PATH": os.environ["PATH"],
                    "PYTHONPATH": str(HERE),
                    "PYTHONIOENCODING": "utf-8",
                    "SCHEMATHESIS_HOOKS": "promises_hooks",
                },
            )
            code = await asking.wait()
    assert code == 0, found.read_text(encoding="utf-8", errors="replace")[-20_000:]


async def _opened(url: str, token: str) -> list[str]:
    headers = {"Authorization": f"Bearer {token}"}
    body = {"product": "VMmanager 6", "subject": "Nodes", "description": "No node answers."}
    async with httpx.AsyncClient(base_url=url, headers=headers) as http:
        answers = [await http.post("/v1/tickets", json=body) for _ in range(TICKETS)]
    return [answer.raise_for_status().json()["id"] for answer in answers]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("part", PARTS)
async def test_what_the_document_promises_holds(settings, signer, tmp_path, part):
    await hold(settings, signer, tmp_path, PARTS[part], 8 if "fuzzing" in PARTS[part][1] else 4)


@pytest.mark.full
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("part", PARTS)
async def test_what_the_document_promises_holds_for_long(settings, signer, tmp_path, part):
    options = [each.replace("examples,", "examples,coverage,") for each in PARTS[part]]
    await hold(settings, signer, tmp_path, options, 500)
