"""The age of the pinned dependencies, and floors below which a version is known to be unsafe.

`python tools/dependencies.py [--json]` fails when the locks are older than they may be, or pin a
version below a floor. It needs no network: the date stands in pyproject.toml, beside the floors,
and is set by whoever makes the locks anew (decision 0010).

Example: python tools/dependencies.py --json
"""

import argparse
import json
import re
import sys
import tomllib
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-bench.lock", "requirements-deploy.lock")
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==([0-9][^ \\;]*)", re.MULTILINE)


def main() -> int:
    """Print what is wrong; return 1 if something is."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--json", action="store_true", help="print the findings as JSON")
    asked = parser.parse_args()
    rules = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["tool"]["docket"]
    today = datetime.now(UTC).date()  # noqa: TID251 - the age of a file is of the real time
    pins = {name: pinned((PROJECT / name).read_text("utf-8")) for name in LOCKS}
    wrong = list(faults(rules["dependencies"], pins, today))
    age = (today - rules["dependencies"]["locked_on"]).days
    if asked.json:
        sys.stdout.write(f"{json.dumps({'age_days': age, 'faults': wrong})}\n")
    else:
        sys.stdout.write("".join(f"{each}\n" for each in wrong))
    return 1 if wrong else 0


def pinned(lock: str) -> dict[str, str]:
    """Return the pinned version of each package of a lock."""
    return {name.lower(): version for name, version in _PIN.findall(lock)}


def faults(rules: dict[str, Any], locks: dict[str, dict[str, str]], today: date) -> Iterator[str]:
    """Yield what is wrong with the locks on a day, each as a sentence that says what to do."""
    age = (today - rules["locked_on"]).days
    if age > rules["most_days"]:
        yield (
            f"the locks are {age} days old, at most {rules['most_days']} are allowed:"
            " make them anew and set locked_on in pyproject.toml"
        )
    for lock, pins in locks.items():
        for package, floor in rules["floors"].items():
            if package in pins and _parts(pins[package]) < _parts(floor):
                yield f"{lock} pins {package} {pins[package]}: unsafe below {floor}"


def _parts(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version.partition("+")[0])]


if __name__ == "__main__":
    raise SystemExit(main())
