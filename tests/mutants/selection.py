"""Which tests meet a mutation, in which order."""

import sys
from itertools import groupby
from pathlib import Path
from typing import Any

from mutations import Mutation

QUICK = 60


class Selection:
    """The tests of a package, as packages.toml names them: `near`, and `further` ones."""

    def __init__(self, project: Path, package: dict[str, Any]) -> None:
        self._project = project
        without = package.get("without", [])
        self.near = [name for name in self._files(package["tests"]) if name not in without]
        self._further = [name for name in self._files(package["further"]) if name not in without]

    def runs(self, measured: dict[str, Any], mutation: Mutation) -> list[list[str]]:
        """Return three runs: quick tests that execute the line, all near tests, all further ones.

        All, because what a line makes may be kept, and then only the first test executes it.
        """
        executed = measured["lines"].get(str(mutation.path.relative_to(self._project)), {})
        seconds = measured["seconds"]

        def length(test: str) -> float:
            return float(seconds.get(test, 0.0))

        of_a_kind = groupby(
            sorted(executed.get(str(mutation.line), [])), key=lambda test: test.partition("[")[0]
        )
        quick = sorted((min(tests, key=length) for _, tests in of_a_kind), key=length)[:QUICK]
        return [run for run in (quick, self.near, self._further) if run]

    def _files(self, names: list[str]) -> list[str]:
        files: dict[str, None] = {}
        for name in names:
            place = self._project / name
            found = sorted(place.rglob("test_*.py")) if place.is_dir() else [place]
            if not found or not found[0].exists():
                sys.exit(f"packages.toml: there are no tests in {name}")
            files |= dict.fromkeys(str(file.relative_to(self._project)) for file in found)
        return list(files)
