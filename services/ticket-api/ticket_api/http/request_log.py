"""The one line that the log has of a request: what was asked, by whom, from where, and the outcome.

What was asked is the template of the route and the ticket, for a path says what a caller chose to
write. Who asked is a digest of role, account and subject, the account one of its own, and the
address is a network unless the settings say otherwise: one can follow a caller through the log
without knowing the name. A request without a good token has its line too, with the code of the
refusal (ASVS v5.0.0-16.2.1, 16.3.1).
"""

from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any

import structlog
from starlette.types import Scope

from ticket_api.http.shown_path import is_id, shown_method

V4_NETWORK, V6_NETWORK = 24, 48
VERB = "{verb:verb}"

log = structlog.get_logger()


def note_request(scope: Scope, seconds: float, *, address: str) -> None:
    """Write the line of a request; `address` is what of the client's address is shown.

    The status is 0 where nothing was answered. Of a caller who asks too often, one refusal in ten
    seconds is written.
    """
    state: dict[str, Any] = scope["state"]
    if state.get("unnoted"):
        return
    told: dict[str, Any] = {
        name: state[name] for name in ("code", "role", "account", "who") if name in state
    }
    if (ticket := _ticket(scope)) is not None:
        told["ticket"] = ticket
    log.info(
        "request",
        method=shown_method(scope),
        route=route_of(scope),
        status=state["status"],
        trace_id=state["trace_id"],
        ms=round(seconds * 1000, 1),
        bytes_in=state["received"],
        bytes_out=state["sent"],
        client=shown_address(client_of(scope), address),
        **told,
    )


def route_of(scope: Scope) -> str | None:
    """Return the template of the route that a request took, a verb in place of `{verb}`.

    None where no route has the path.
    """
    path: str | None = getattr(scope.get("route"), "path", None)
    if path is None:
        mounted = str(scope.get("root_path", "")).removeprefix(scope.get("app_root_path", ""))
        return f"{mounted}/*" if mounted and "app_root_path" in scope else None
    if not path.endswith(VERB):
        return path
    return path.removesuffix(VERB) + str(scope["path_params"]["verb"])


def _ticket(scope: Scope) -> str | None:
    named = str(scope.get("path_params", {}).get("ticket_id", ""))
    return named if is_id(named) else None


def client_of(scope: Scope) -> str:
    """Return the address of the client: of a proxy that the settings name, what it says."""
    client = scope.get("client")
    return str(client[0]) if client else ""


@lru_cache(maxsize=1024)
def shown_address(client: str, address: str) -> str | None:
    """Return what the log shows of an address: its network, the whole, or None."""
    if address == "none":
        return None
    try:
        read = ip_address(client)
    except ValueError:
        return None  # a socket of this machine
    if address == "whole":
        return client
    return str(ip_network((read, V4_NETWORK if read.version == 4 else V6_NETWORK), strict=False))
