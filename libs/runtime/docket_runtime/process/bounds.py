"""What one connection may take, and how many there may be: bytes, seconds, connections.

uvicorn bounds none of it but the idle connection (decision 0036).
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from docket_runtime.settings import Settings

V6_NETWORK = 64
TOLD_S = 10.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of connections; seconds, bytes, and bytes a second (`least_rate`)."""

    head_bytes: int
    head_s: float
    body_s: float
    idle_s: float
    reader_s: float
    least_rate: int
    connections: int
    connections_per_address: int

    @classmethod
    def of(cls, settings: Settings) -> "Bounds":
        """Return the bounds that the settings choose."""
        return cls(
            head_bytes=settings.http_head_bytes,
            head_s=settings.http_head_s,
            body_s=settings.http_body_s,
            idle_s=settings.http_idle_s,
            reader_s=settings.http_reader_s,
            least_rate=settings.http_least_rate,
            connections=settings.http_connections,
            connections_per_address=settings.http_connections_per_address,
        )


class OpenConnections:
    """Counts the open connections of a process, in all and by address.

    Those of a proxy (`proxies`) are other people's: they count in all, not by its address.
    """

    def __init__(self, bounds: Bounds, proxies: frozenset[str] = frozenset()) -> None:
        self._bounds = bounds
        self._proxies = proxies
        self._networks = [*_networks_in(proxies)]
        self._by_place = Counter[str]()
        self._all = 0
        self._told_at = -TOLD_S

    def enter(self, address: str) -> bool:
        """Count one more connection; return False where it is one too many."""
        place = place_of(address)
        self._all += 1
        self._by_place[place] += 1
        if self._all > self._bounds.connections:
            return False
        most = self._bounds.connections_per_address
        return self._by_place[place] <= most or self._is_proxy(address)

    def _is_proxy(self, address: str) -> bool:
        if address in self._proxies:
            return True
        try:
            read = ip_address(address)
        except ValueError:
            return False
        return any(read in network for network in self._networks)

    def told(self, now: float) -> bool:
        """Return whether it is time to say in the log that connections are refused."""
        if now < self._told_at + TOLD_S:
            return False
        self._told_at = now
        return True

    def leave(self, address: str) -> None:
        """Count a connection no longer, one too many or not."""
        place = place_of(address)
        self._all -= 1
        self._by_place[place] -= 1
        if not self._by_place[place]:
            del self._by_place[place]


def _networks_in(proxies: frozenset[str]) -> Iterator[IPv4Network | IPv6Network]:
    for each in proxies:
        with suppress(ValueError):  # a name, or `*`, by which nobody's connections go uncounted
            yield ip_network(each, strict=False)


def place_of(address: str) -> str:
    """Return what counts as one address: in IPv6 the network of 64 bits, which one host owns."""
    try:
        read = ip_address(address)
    except ValueError:
        return address
    if not isinstance(read, IPv6Address):
        return address
    if read.ipv4_mapped is not None:
        return str(read.ipv4_mapped)
    return f"{IPv6Address(int(read) >> V6_NETWORK << V6_NETWORK)}/{V6_NETWORK}"
