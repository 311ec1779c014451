"""Print the pins of requirements.lock that some packages need, with their hashes.

`python deploy/image/pins.py NAME...` prints those of the packages and of all that they need;
without a name those of Docket itself. The lock says behind each pin for whose sake it is there
(`# via`), so there is one lock, and what is installed to run is the part of it that is tested.

Example: python deploy/image/pins.py hatchling
"""

import re
import sys
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
_PIN = re.compile(r"^([A-Za-z0-9._-]+)==.*(?:\n[ ].*)*", re.MULTILINE)
_VIA = re.compile(r"^ +#(?: via)? +([A-Za-z0-9._-]+)", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9._-]+")


def main() -> None:
    """Print them; exit with 1 and a sentence where a package has no pin."""
    names = sys.argv[1:]
    if {"-h", "--help"} & set(names):
        sys.stdout.write(f"{__doc__}\n")
        return
    lock = (HOUSE / "requirements.lock").read_text("utf-8")
    try:
        sys.stdout.write("".join(f"{pin}\n" for pin in pins(lock, names or requirements())))
    except KeyError as unknown:
        raise SystemExit(f"{unknown} is not in requirements.lock") from None


def requirements() -> list[str]:
    """Return the names of the packages that Docket itself requires."""
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]
    return [found[0] for found in map(_NAME.match, project["dependencies"]) if found]


def pins(lock: str, names: Iterable[str]) -> Iterator[str]:
    """Yield the pins of the packages and of all that they need, as they stand in the lock.

    Raises KeyError with the name of a package that has none.
    """
    found = {_canonical(pin[1]): pin[0] for pin in _PIN.finditer(lock)}
    needs = defaultdict[str, set[str]](set)
    for name, pin in found.items():
        for parent in _VIA.findall(pin):
            needs[_canonical(parent)].add(name)
    wanted, open_ = set[str](), {_canonical(name) for name in names}
    while open_:
        wanted |= open_
        open_ = set[str]().union(*(needs[name] for name in open_)) - wanted
    for name in sorted(wanted):
        yield found[name]


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    main()
