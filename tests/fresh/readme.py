"""Run the command lines of README.md as they are written and check what each of them answers.

Every block marked `sh` is run, in order, by one shell in the project's folder. A wrapper before the
real curl notes each HTTP status, since curl itself is content with any. A system that runs already
is used and left running; otherwise one is started for this, and stopped after it.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from time import monotonic, sleep

import httpx

from docket_devstack import postgres
from docket_devstack.workspace import PROJECT, workspace

DOCKET = [sys.executable, "-m", "docket_cli"]
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MAILS = "http://127.0.0.1:8025/mails"
WRAPPER = """#!/bin/sh
echo "$@" | tr '\\n' ' ' >>"$NOTES"
exec {curl} --write-out '%{{stderr}} -> %{{http_code}}\\n' "$@" 2>>"$NOTES"
"""
REFUSED = "suspend"  # the one line that the README shows being refused


def main() -> None:
    """Run the lines; raise AssertionError or CalledProcessError where one does not work."""
    ran_before = postgres.running(workspace().postgres) is not None
    subprocess.run([*DOCKET, "up", "--no-import"], check=True, stdout=subprocess.DEVNULL)
    try:
        with tempfile.TemporaryDirectory() as folder:
            notes = run_lines(Path(folder))
        check(notes)
        for said in ("is registered", "need something"):
            wait_for_mail(said)
    finally:
        if not ran_before:
            subprocess.run([*DOCKET, "down"], check=True)
    print(f"\nREADME.md: {len(notes)} curl lines work as written")


def run_lines(folder: Path) -> list[str]:
    """Run all blocks and return a note for each curl: its arguments and the status."""
    script = "\n".join(BLOCK.findall((PROJECT / "README.md").read_text()))
    assert "curl" in script, "README.md has no curl lines"
    wrapper = folder / "curl"
    wrapper.write_text(WRAPPER.format(curl=shutil.which("curl")))
    wrapper.chmod(0o755)
    notes = folder / "notes"
    env = os.environ | {"PATH": f"{folder}:{os.environ['PATH']}", "NOTES": str(notes)}
    subprocess.run(["sh", "-eu", "-c", script], cwd=PROJECT, env=env, check=True)
    return notes.read_text().splitlines()


def check(notes: list[str]) -> None:
    """Fail where a line was answered otherwise than the README says."""
    for note in notes:
        status = int(note.rpartition("-> ")[2])
        refused = f"/{REFUSED} " in note
        assert status == 403 if refused else 200 <= status < 300, note


def wait_for_mail(words: str) -> None:
    """Wait until the mail sink shows a mail whose first line says this."""
    deadline = monotonic() + 30
    while True:
        mails = httpx.get(MAILS).raise_for_status().json()
        kinds = [mail["text"].partition("\n")[0] for mail in mails]
        if any(words in each for each in kinds):
            return
        assert monotonic() < deadline, f"no mail says {words!r} after 30 s: {kinds}"
        sleep(0.2)


if __name__ == "__main__":
    main()
