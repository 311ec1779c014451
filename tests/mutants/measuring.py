"""Which test executes which lines and how long it takes, so that a mutation meets those first."""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from coverage import Coverage

MEASURED = Path("measured.json")


class Measuring:
    """A pytest plugin that writes measured.json: lines to tests, seconds of a test, libraries."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seconds: dict[str, float] = {}
        self._coverage = Coverage(data_file=None, config_file=False, source=[str(folder)])

    def pytest_configure(self, config: Any) -> None:
        self._coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[object]:
        begin = monotonic()
        self._coverage.switch_context(item.nodeid)
        result = yield
        self._coverage.switch_context("")
        self._seconds[item.nodeid] = monotonic() - begin
        return result

    def pytest_unconfigure(self) -> None:
        self._coverage.stop()
        data = self._coverage.get_data()
        lines: dict[str, dict[int, list[str]]] = defaultdict(dict)
        for file in data.measured_files():
            relative = str(Path(file).relative_to(Path.cwd()))
            for line, tests in data.contexts_by_lineno(file).items():
                lines[relative][line] = [test for test in tests if test]
        measured = {"lines": lines, "seconds": self._seconds, "libraries": _libraries()}
        MEASURED.write_text(json.dumps(measured))


def _libraries() -> list[str]:
    """Return the modules imported so far that are neither this project's nor built in."""
    here = str(Path.cwd())
    files = {name: getattr(module, "__file__", None) for name, module in sys.modules.items()}
    return [name for name, file in files.items() if file and not file.startswith(here)]
