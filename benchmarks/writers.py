"""Writers that work side by side in one process, and how fast they were."""

import asyncio
import gc
from collections.abc import Callable, Coroutine, Iterator, Sequence
from time import perf_counter
from typing import Any, TypeVar

import uvloop

from benchmarks.servers import BenchDatabase

Share = TypeVar("Share")


def in_python(
    write: Callable[[str, int, int], Coroutine[Any, Any, float]],
    database: BenchDatabase,
    writers: int,
    each: int,
) -> float:
    """Return the events a second, under the loop and the collector's settings of the services."""
    gc.set_threshold(50_000)
    try:
        return uvloop.run(write(database.url(), writers, each))
    finally:
        gc.unfreeze()


async def a_second(writers: list[Coroutine[Any, Any, int]]) -> float:
    gc.collect()
    gc.freeze()  # what is to be written is not rubbish that the writers have left
    began = perf_counter()
    written = sum(await asyncio.gather(*writers))
    return written / (perf_counter() - began)


def in_order_of_use(shares: Sequence[Iterator[Share]]) -> list[tuple[Share, ...]]:
    """Return what each writer is to write, made a turn of all writers at a time.

    So ids rise in the order in which they are used, as those of a service do that makes each when
    it needs it, and those that pgbench has the server make.
    """
    return list(zip(*zip(*shares, strict=True), strict=True))
