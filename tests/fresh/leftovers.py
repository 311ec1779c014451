"""Name every process that lives from a folder; fail where there is one: `leftovers.py FOLDER`."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress

import psutil


def living_from(folder: str) -> Iterator[str]:
    """Yield the processes whose program, folder, arguments or HOME lie in the folder."""
    for process in psutil.process_iter():
        if process.pid in (os.getpid(), os.getppid()):
            continue
        with suppress(psutil.Error):
            if process.status() == psutil.STATUS_ZOMBIE:
                continue
            places = [process.exe(), process.cwd(), *process.cmdline()]
            places.append(process.environ().get("HOME", ""))
            if any(folder in place for place in places):
                yield f"{process.pid} {' '.join(process.cmdline())}"


if __name__ == "__main__":
    left = list(living_from(sys.argv[1]))
    print("\n".join(left) or "no process is left")
    sys.exit(bool(left))
