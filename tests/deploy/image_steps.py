"""The steps that build the image, run where there is no engine: its context, its RUN lines."""

import re
import shutil
import sys
from pathlib import Path

from tools_of_deploy import DEPLOY, HOUSE, checked


def install(folder: Path) -> Path:
    """Do in a folder what the Dockerfile does to build, and return what it makes of /opt/docket."""
    places = {"/dist": folder / "dist", "/opt/docket": folder / "opt/docket"}
    places["/opt/docket"].parent.mkdir(parents=True)
    source = context(folder / "src")
    for step in run_lines():
        for place, ours in places.items():
            step = re.sub(rf"(?<=\s){place}(?=\s|$)", str(ours), step)
        checked("env", f"PYTHON={sys.executable}", "sh", "-euc", step, where=source)
    return places["/opt/docket"]


def context(folder: Path) -> Path:
    """Copy what .dockerignore lets through into a folder, and return it."""
    lines = (HOUSE / ".dockerignore").read_text("utf-8").splitlines()
    for path in [line.removeprefix("!") for line in lines if line.startswith("!")]:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        if (HOUSE / path).is_dir():
            shutil.copytree(HOUSE / path, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(HOUSE / path, target)
    return folder


def run_lines() -> list[str]:
    """Return the RUN lines of the stage that builds."""
    text = (DEPLOY / "image/Dockerfile").read_text("utf-8").replace("\\\n", " ")
    (stage,) = re.findall(r"^FROM \S+ AS build$(.*?)^FROM ", text, re.MULTILINE | re.DOTALL)
    found = re.findall(r"^RUN (.+)$", stage, re.MULTILINE)
    assert found, "the Dockerfile has no stage that builds"
    return found
