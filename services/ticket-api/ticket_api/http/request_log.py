"""The one line that the log has of a request: what was asked, by whom, from where, and the outcome.

Who asked is a digest of role, account and subject, and the address is a network unless the settings
say otherwise: one can follow a caller through the log without knowing the name. A request without
a good token has its line too, with the code of the refusal (ASVS v5.0.0-16.2.1, 16.3.1).
"""

from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Any

import structlog
from starlette.types import Scope

from ticket_api.http.shown_path import shown_method, shown_path

V4_NETWORK, V6_NETWORK = 24, 48

log = structlog.get_logger()


def note_request(scope: Scope, status: int, ms: float, *, address: str) -> None:
    """Write the line of a request; `address` is what of the client's address is shown.

    Of a caller who asks too often, one refusal in ten seconds is written.
    """
    state: dict[str, Any] = scope["state"]
    if state.get("unnoted"):
        return
    told = {name: state[name] for name in ("code", "role", "who") if name in state}
    log.info(
        "request",
        method=shown_method(scope),
        path=shown_path(scope, answered=status < 400),
        status=status,
        trace_id=state["trace_id"],
        ms=round(ms, 1),
        client=shown_address(client_of(scope), address),
        **told,
    )


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
