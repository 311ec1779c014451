"""The claims of a verified token: bounded and normalised before anything is done with them.

They become ids in events, access events and log lines, for good, so they are held to the form of an
id (`docket_events.vocabulary`): it has no room for a name or an address.
"""

import base64
import json
import re
from dataclasses import dataclass
from typing import Any

from docket_events.roles import ACCOUNT_BOUND, ROLES, Role
from docket_events.vocabulary import ID, LONGEST_ID

_ID = re.compile(ID)


class BadClaim(ValueError):
    """A claim is missing, or is not what it may be; the message names it and never quotes it."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says: `issued_at` is 0 where it does not say so, `token_id` is its `jti`."""

    issuer: str
    role: Role
    subject: str
    account: str | None
    expires_at: int
    issued_at: int
    token_id: str | None


def claims_of(said: dict[str, Any]) -> Claims:
    """Return the claims of a token whose signature and times are good; raise BadClaim."""
    role = next((role for role in ROLES if role == said.get("role")), None)
    if role is None:
        raise BadClaim("`role` names no role")
    return Claims(
        said["iss"],
        role,
        _id(said, "sub"),
        _id(said, "account") if role in ACCOUNT_BOUND else None,
        int(said["exp"]),
        int(said.get("iat", 0)),
        _id(said, "jti") if said.get("jti") is not None else None,
    )


def refuse_ambiguous(token: str) -> None:
    """Raise BadClaim for a header or claims with a name twice, and for an empty `crit`.

    Two readers of such a token need not see the same: of a name given twice the last counts here,
    elsewhere the first (RFC 7515 4, RFC 7519 4), and `crit` must name something (RFC 7515 4.1.11).
    """
    header, claims, _ = token.split(".")
    for part in (header, claims):
        padded = part + "=" * (-len(part) % 4)
        json.loads(base64.urlsafe_b64decode(padded), object_pairs_hook=_each_once)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise BadClaim("the token has a name twice")
    if read.get("crit") == []:
        raise BadClaim("`crit` is empty")
    return read


def _id(said: dict[str, Any], name: str) -> str:
    value = said.get(name)
    if not isinstance(value, str) or not value:
        raise BadClaim(f"`{name}` is missing")
    if len(value) > LONGEST_ID:
        raise BadClaim(f"`{name}` has more than {LONGEST_ID} characters")
    if not _ID.fullmatch(value):
        raise BadClaim(f"`{name}` is no id: letters, digits and . _ : | / + = ~ - of ASCII")
    return value
