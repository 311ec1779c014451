"""The check of the pinned dependencies: too old, or below a floor."""

import importlib.util
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

TOOL = Path(__file__).parents[2] / "tools" / "dependencies.py"
RULES = {"locked_on": date(2026, 6, 1), "most_days": 180, "floors": {"starlette": "0.49.1"}}


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("dependencies", TOOL)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_lock_may_be_half_a_year_old(tool: ModuleType) -> None:
    assert list(tool.faults(RULES, {}, date(2026, 11, 28))) == []
    (fault,) = tool.faults(RULES, {}, date(2026, 11, 29))
    assert fault.startswith("the locks are 181 days old")


@pytest.mark.parametrize(
    ("version", "unsafe"), [("0.49.0", True), ("0.9.9", True), ("0.49.1", False), ("1.10.0", False)]
)
def test_a_version_below_its_floor_is_named(tool: ModuleType, version: str, unsafe: bool) -> None:
    lock = tool.pinned(f"starlette=={version} \\\n    --hash=sha256:0\nanyio==4.1 \\\n")
    found = list(tool.faults(RULES, {"requirements.lock": lock}, date(2026, 6, 1)))
    assert found == (
        [f"requirements.lock pins starlette {version}: unsafe below 0.49.1"] if unsafe else []
    )
