"""A server that runs the tests against one mutation after another, in a copy of the project.

It imports pytest and the libraries once and forks for each run. Reads a job as a line of JSON on
stdin and answers on stdout with the outcome: "passed", "failed" or "timeout".

{"measure": folder, "tests"}           run all and write down which lines each executes
{"load": names}                        import these libraries
{"path", "code", "runs", "timeout"}    run lists of tests one after the other until one fails
"""

import gc
import importlib
import json
import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from measuring import Measuring

PLUGINS = ("xdist.plugin", "pytest_asyncio.plugin", "pytest_timeout", "_hypothesis_pytestplugin")
OPTIONS = ["-x", "-q", "--no-header", "--tb=line", "-m", "not full", "-p", "no:cacheprovider"]
LOG = Path("run.log")

_numbers = count(1)


class OneOfMany:
    """A pytest plugin: servers shared with the other runs, tests in the order asked for."""

    def __init__(self, number: int) -> None:
        self._worker = f"mutant{number}"

    def pytest_configure(self, config: Any) -> None:
        # as under xdist, so that the run leaves the servers to its parent, which is this server
        os.environ["PYTEST_XDIST_WORKER"] = self._worker
        config.workerinput = {"workerid": self._worker}

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Iterator[None]:
        asked = list(items)
        yield
        kept = set(items)
        items[:] = [item for item in asked if item in kept]


def serve() -> None:
    """Answer jobs until stdin ends."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    for line in sys.stdin:
        job = json.loads(line)
        match job:
            case {"measure": folder, "tests": tests}:
                outcome = _run(tests, 3600, Measuring(Path(folder)))
            case {"load": names}:
                outcome = _load(names)
            case {"path": path, "code": code, "runs": runs, "timeout": timeout}:
                with _changed(Path(path), code):
                    outcome = next(
                        (bad for tests in runs if (bad := _run(tests, timeout)) != "passed"),
                        "passed",
                    )
        print(json.dumps(outcome), flush=True)


@contextmanager
def _changed(module: Path, code: str) -> Iterator[None]:
    before = module.read_text("utf-8")
    try:
        _write(module, code)
        yield
    finally:
        _write(module, before)


def _write(module: Path, code: str) -> None:
    module.write_text(code, "utf-8")
    # compiled code is known by second and size, which two mutations may share
    for compiled in module.parent.glob(f"__pycache__/{module.stem}.*.pyc"):
        compiled.unlink()


def _run(tests: list[str], timeout: float, *plugins: object) -> str:
    child = os.fork()
    if child == 0:
        os._exit(_tests(tests, [OneOfMany(next(_numbers)), *plugins]))
    next(_numbers)
    try:
        ended = select.poll()
        descriptor = os.pidfd_open(child)
        ended.register(descriptor, select.POLLIN)
        in_time = bool(ended.poll(timeout * 1000))
        os.close(descriptor)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)  # a run that ended may have left children
        _, status = os.waitpid(child, 0)
    if not in_time:
        return "timeout"
    return "passed" if os.waitstatus_to_exitcode(status) == 0 else "failed"


def _tests(tests: list[str], plugins: list[object]) -> int:
    try:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        with LOG.open("w") as log, Path(os.devnull).open() as nothing:
            os.dup2(nothing.fileno(), 0)
            os.dup2(log.fileno(), 1)
            os.dup2(log.fileno(), 2)
        needed = [option for name in PLUGINS for option in ("-p", name)]
        return int(pytest.main([*OPTIONS, *needed, *tests], plugins=plugins))
    except BaseException:
        return 70


def _load(names: list[str]) -> str:
    plugins = tuple(name.partition(".")[0] for name in PLUGINS)
    for name in names:
        if not name.startswith(plugins):
            with suppress(Exception):
                importlib.import_module(name)
    gc.freeze()
    return "passed"


if __name__ == "__main__":
    # the same examples each time, no search for the smallest one, no haste on a busy machine
    hypothesis.settings.register_profile(
        "mutants",
        derandomize=True,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    hypothesis.settings.load_profile("mutants")
    serve()
