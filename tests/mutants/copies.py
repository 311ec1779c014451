"""Copies of the project in which mutations are tried: the project itself is never changed."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from mutations import Mutation


class Copy:
    """A copy of the files under version control, as they are now, and a server that tests in it."""

    def __init__(self, project: Path, number: int) -> None:
        self._project = project
        self._folder = Path(tempfile.mkdtemp(prefix=f"docket-mutants-{number}-")).resolve()
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(
            listed, cwd=project, check=True, capture_output=True, text=True
        ).stdout
        for name in filter(None, names.split("\0")):
            if (project / name).is_file():
                (self._folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(project / name, self._folder / name)
        (self._folder / ".venv").symlink_to(project / ".venv")
        self._environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(self._source_folders()),
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        }
        self._server = subprocess.Popen(
            [sys.executable, "tests/mutants/fork_server.py"],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def measure(self, folder: Path, tests: list[str]) -> dict[str, Any]:
        """Run the tests against the code as it is; return which lines of the folder each executes.

        SubprocessError if they fail, for then nothing can be learnt.
        """
        if self._ask({"measure": str(self._folder / folder), "tests": tests}) != "passed":
            log = (self._folder / "run.log").read_text("utf-8", "replace")
            raise subprocess.SubprocessError(f"the tests fail without a mutation:\n{log[-3000:]}")
        return dict(json.loads((self._folder / "measured.json").read_text()))

    def load(self, libraries: list[str]) -> None:
        """Import libraries once for all runs to come."""
        self._ask({"load": libraries})

    def judge(self, mutation: Mutation, runs: list[list[str]], timeout: float) -> str:
        """Say what notices a mutation: tests, timeout, types, or nothing (survived)."""
        module = self._folder / mutation.path.relative_to(self._project)
        outcome = self._ask(
            {"path": str(module), "code": mutation.code, "runs": runs, "timeout": timeout}
        )
        if outcome == "passed":
            return "survived" if self._types_fit(module, mutation.code) else "types"
        return "tests" if outcome == "failed" else outcome

    def close(self) -> None:
        """Stop the server, whose own servers stop with it, and remove the copy."""
        self._server.terminate()
        self._server.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _ask(self, job: dict[str, Any]) -> str:
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(job) + "\n")
        self._server.stdin.flush()
        answer = self._server.stdout.readline()
        if not answer:
            raise subprocess.SubprocessError("the server that runs the tests has ended")
        return str(json.loads(answer))

    def _types_fit(self, module: Path, code: str) -> bool:
        before = module.read_text("utf-8")
        module.write_text(code, "utf-8")
        command = [sys.executable, "-m", "mypy", str(module.relative_to(self._folder))]
        try:
            return subprocess.run(command, cwd=self._folder, capture_output=True).returncode == 0
        finally:
            module.write_text(before, "utf-8")

    def _source_folders(self) -> list[str]:
        """Return the folders of source of this copy, which come before those of the project."""
        within = [Path(entry) for entry in sys.path if Path(entry).is_relative_to(self._project)]
        return [
            str(self._folder / entry.relative_to(self._project))
            for entry in within
            if not entry.is_relative_to(self._project / ".venv") and entry != Path(__file__).parent
        ]
