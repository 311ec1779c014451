"""The routes `/livez`, `/readyz` and `/metrics` of a process.

A check returns None when all is well and otherwise a short reason. `/livez` calls none of them: a
server that is gone is no reason to restart this process, a loop that hangs is one (503). `/metrics`
calls all of them first, and the measurements, because they update the gauges. All who ask within
FRESH_S share one look, so that asking often costs the database nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from time import monotonic
from typing import TypeVar

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from docket_runtime.loops import Loop
from docket_runtime.metrics import CHECK_OK
from docket_runtime.metrics.registry import Group, registry_of, render

Check = Callable[[], Awaitable[str | None]]
Leads = Callable[[], Mapping[str, Sequence[int]]]
Measure = Callable[[], Awaitable[None]]

PATHS = frozenset({"/livez", "/readyz", "/metrics"})
"""What is asked so often, and by machines alone, that no log has a line of it."""

PATIENCE_S = 2.0
STALE_S = 30.0
FRESH_S = 0.2

T = TypeVar("T")


def routes(
    service: str,
    checks: Mapping[str, Check],
    degraded: Mapping[str, Check] | None = None,
    *,
    loops: Sequence[Loop] = (),
    leads: Leads = dict,
    figures: Sequence[Group] = (),
    measures: Sequence[Measure] = (),
) -> list[Route]:
    """Return the three routes of a service.

    A failing check of `checks` makes the service unready (503); one of `degraded` is only shown.
    `leads` says which chains of the log this instance leads, by consumer. `figures` are the metrics
    that this process measures, `measures` set those that nobody sets otherwise.
    """
    shown = degraded or {}
    registry = registry_of(service, figures)
    looked = _shared(lambda: asyncio.gather(_ask_all(checks), _ask_all(shown)))

    async def measure() -> bytes:
        needed, watched = await looked()
        for answers, is_needed in ((needed, "yes"), (watched, "no")):
            for name, reason in answers.items():
                CHECK_OK.labels(name, is_needed).set(reason is None)
        await asyncio.gather(*(_ask(measure) for measure in measures))
        return render(registry)

    measured = _shared(measure)

    async def livez(_request: Request) -> Response:
        hung = [loop.name for loop in loops if loop.hangs]
        if hung:
            return JSONResponse({"service": service, "status": "hung", "loops": hung}, 503)
        return JSONResponse({"service": service, "status": "live"})

    async def readyz(_request: Request) -> Response:
        needed, watched = await looked()
        ready = all(reason is None for reason in needed.values())
        healthy = all(reason is None for reason in watched.values())
        answers = {name: reason or "ok" for name, reason in {**needed, **watched}.items()}
        status = ("ready" if healthy else "degraded") if ready else "unready"
        return JSONResponse(
            {"service": service, "status": status, "checks": answers, "leads": leads()},
            status_code=200 if ready else 503,
            headers={"cache-control": "no-store"},
        )

    async def metrics(_request: Request) -> Response:
        return Response(await measured(), media_type="text/plain; version=0.0.4")

    return [
        Route("/livez", livez),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]


def heartbeats(loops: Sequence[Loop], *, stale_s: float = STALE_S) -> Check:
    """Return the check that each loop has completed a step within `stale_s` seconds."""

    async def check() -> str | None:
        stale = [f"{loop.name} {loop.age_s:.0f} s" for loop in loops if loop.age_s > stale_s]
        return f"no step completed for: {', '.join(stale)}" if stale else None

    return check


def seldom(check: Check, *, every_s: float) -> Check:
    """Return a check that looks every so many seconds, and says meanwhile what it saw last."""
    said: str | None = None
    looked = float("-inf")

    async def rarely() -> str | None:
        nonlocal said, looked
        if monotonic() - looked >= every_s:
            said, looked = await check(), monotonic()
        return said

    return rarely


def _shared(look: Callable[[], Awaitable[T]]) -> Callable[[], Awaitable[T]]:
    """Return a function that looks once for all who call it within FRESH_S."""
    under_way: asyncio.Future[T] | None = None
    begun = 0.0

    async def shared() -> T:
        nonlocal under_way, begun
        now = asyncio.get_running_loop().time()
        if under_way is None or (under_way.done() and now - begun > FRESH_S):
            under_way, begun = asyncio.ensure_future(look()), now
        return await asyncio.shield(under_way)

    return shared


async def _ask_all(checks: Mapping[str, Check]) -> dict[str, str | None]:
    answers = await asyncio.gather(*(_ask(check) for check in checks.values()))
    return dict(zip(checks, answers, strict=True))


async def _ask(check: Check | Measure) -> str | None:
    try:
        return await asyncio.wait_for(check(), PATIENCE_S)
    except TimeoutError:
        return f"no answer within {PATIENCE_S:.0f} s"
    except Exception as error:
        # any error of a check is a reason, not a fault of the probe
        return f"{type(error).__name__}: {error}"
