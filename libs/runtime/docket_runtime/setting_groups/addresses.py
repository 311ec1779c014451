"""Addresses with a password in them: read before anybody could quote a part of one in an error."""

from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

from pydantic import AfterValidator

UNREADABLE = (
    "is no address that can be read: in a password, / ? # @ [ ] and % are written %2F %3F %23 %40"
    " %5B %5D %25"
)


def readable(text: str) -> str:
    """Return an address as it is; raise ValueError, which tells no part of it.

    Several hosts stand between commas, as PostgreSQL takes them. What has no scheme is left to
    those who know which one it needs.
    """
    if "://" not in text:
        return text
    try:
        address = urlsplit(text)
        parse_qsl(address.query, strict_parsing=bool(address.query))
        hosts = address.netloc.rpartition("@")[2].split(",")
        fits = all(_port(each) == "" or _port(each).isdecimal() for each in hosts)
    except ValueError:  # its text may quote the address
        fits = False
    if not fits:
        raise ValueError(UNREADABLE)
    return text


def _port(host: str) -> str:
    """Return the port of a host, empty where it has none."""
    return host.rpartition("]")[2].partition(":")[2]


Address = Annotated[str, AfterValidator(readable)]
"""An address that was read."""
