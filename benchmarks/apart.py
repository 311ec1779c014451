"""A process of its own for work whose memory is measured, and what a process held at most.

The process that runs the subjects remembers the most that it ever held, and what it starts inherits
that: beside a subject with a million rows in its hands nothing else would seem to grow.
"""

import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import ParamSpec, TypeVar

Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")


def apart(work: Callable[Asked, Answer], *given: Asked.args, **named: Asked.kwargs) -> Answer:
    """Do the work in a fresh process and return what it returns; raise what it raises."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as own:
        return own.submit(work, *given, **named).result()


def most_memory() -> float:
    """Return the MiB that this process held at most since its program began."""
    status = Path("/proc/self/status")
    if status.exists():  # getrusage would tell of the process that started us, too
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # bytes, where there is none
