"""The wheel holds all that runs, and nothing else."""

import subprocess
import tomllib
import zipfile
from pathlib import Path, PurePosixPath

from tools_of_deploy import HOUSE

PROJECT = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))
PACKAGES = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
DATA = (".csv", ".css", ".html", ".js", ".json", ".md", ".sql", ".svg", ".toml", ".txt")
"""The kinds of files beside code that are read when a service runs."""


def test_every_file_of_every_package_is_in(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    metadata = {name for name in packed if ".dist-info/" in name}

    assert packed - metadata == set(in_the_tree())
    assert {PurePosixPath(name).suffix for name in packed} >= set(DATA)


def test_every_package_of_the_tree_is_packed() -> None:
    roots = (*(HOUSE / "libs").iterdir(), *(HOUSE / "services").iterdir(), HOUSE / "migrations")
    found = {
        str(package.relative_to(HOUSE))
        for root in roots
        for package in root.iterdir()
        if (package / "__init__.py").exists()
    }

    assert set(PACKAGES) == found


def test_what_is_installed_has_the_same_files_and_the_command(wheel: Path, installed: Path) -> None:
    there = {str(file.relative_to(installed)) for file in installed.rglob("*") if file.is_file()}
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}

    assert packed <= there
    assert (installed / "bin/docket").exists()


def in_the_tree() -> list[str]:
    """Return the files of the packages, by the names that they have in the wheel."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *PACKAGES],
        cwd=HOUSE,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    folders = {package: PurePosixPath(package).parent for package in PACKAGES}
    return [
        str(PurePosixPath(file).relative_to(folder))
        for package, folder in folders.items()
        for file in listed
        if file.startswith(f"{package}/") and (HOUSE / file).exists()
    ]
