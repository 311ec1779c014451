"""The addresses in DOCKET_AMQP_URL: one for each node of the broker's cluster, with commas."""

import re

from yarl import URL

OFF = "none"
SCHEMES = ("amqp", "amqps")

_BETWEEN = re.compile(r",\s*(?=amqps?://|$)")
"""A comma that another address follows: one in a password ends nothing."""


def broker_addresses(text: str) -> tuple[URL, ...]:
    """Return the addresses of the broker's nodes, none where it is `none`.

    Raises ValueError for what is no address, and for addresses of different virtual hosts. The
    message shows no part of an address, for a password is in it.
    """
    if text == OFF:
        return ()
    addresses = tuple(
        _address(number, each.strip())
        for number, each in enumerate((each for each in _BETWEEN.split(text) if each.strip()), 1)
    )
    if not addresses:
        raise ValueError(f"names no broker: amqps://user:password@host/, or {OFF} for no broker")
    if len({address.path or "/" for address in addresses}) > 1:
        raise ValueError("the addresses name different virtual hosts: all nodes have the same ones")
    return addresses


def place(address: URL) -> str:
    """Return host and port of an address, and nothing else of it."""
    return f"{address.host}:{address.port or (5671 if address.scheme == 'amqps' else 5672)}"


def _address(number: int, text: str) -> URL:
    try:
        address = URL(text)
        named = address.scheme in SCHEMES and bool(address.host) and address.port != 0
        known = named and "," not in text.rpartition("@")[2]
    except ValueError:  # its text may quote the address
        known = False
    if not known:
        raise ValueError(
            f"address {number} is none: write amqps://user:password@host/, each node's whole"
            " address, with commas between them"
        )
    return address
