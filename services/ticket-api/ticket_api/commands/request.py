"""What comes with every command beside its body: who asks, the idempotency key, If-Match."""

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from starlette.requests import Request as HttpRequest

from docket_events.ids import digest_of
from docket_runtime.new_ids import id_of_trace
from ticket_api.auth.tokens import Principal
from ticket_api.http.problems import Problem
from ticket_api.http.requests import refuse_query

MAX_KEY = 255


class KeyOf010(NamedTuple):
    """A key and a request as release 0.1.0 recorded them."""

    scope: str
    key: str
    request_hash: bytes


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """Who asks, and under which key and If-Match; `request_hash` tells one request from another.

    The correlation id of the events is the id of the request's trace (decision 0039).
    `key` is the digest of the key with its scope: issuer, account, role and subject, so that the
    same key of two people, or of two accounts of one person, is two keys (decision 0030).
    """

    principal: Principal
    correlation_id: UUID
    key: bytes | None
    request_hash: bytes
    if_match: int | None = None
    key_of_010: KeyOf010 | None = None


def read_request(http: HttpRequest, principal: Principal, raw: bytes) -> CommandRequest:
    """Read what comes with a command beside its body; raise Problem 412 or 422."""
    refuse_query(http, {})
    method, path = http.method, http.scope["path"]
    key = _idempotency_key(http.headers.get("idempotency-key"))
    return CommandRequest(
        principal=principal,
        correlation_id=id_of_trace(http.state.trace_id),
        key=_scoped(key, principal),
        request_hash=digest_of(method, path, raw),
        if_match=_version(http.headers.get("if-match")),
        key_of_010=None
        if key is None
        else KeyOf010(
            f"{principal.role}:{principal.subject}",
            key,
            sha256(f"{method} {path}\n".encode() + raw).digest(),
        ),
    )


def speaking_for(principal: Principal, person: str | None) -> Principal:
    """Return who gives a command, with the person for whom a service gives it.

    Raise Problem 422 for a service that names nobody, and 403 for others who name somebody: they
    speak for themselves, and an agent registers what a user brought (C-69).
    """
    if (principal.role == "service") == (person is not None):
        return replace(principal, on_behalf_of=person)
    if person is not None:
        raise Problem(403, "actor_not_entitled", "only services name a person", clause="C-69")
    detail = "name the person you ask for"
    wrong = {"pointer": "/on_behalf_of", "code": "missing", "detail": detail}
    raise Problem(422, "malformed", detail, errors=[wrong])


def _scoped(key: str | None, who: Principal) -> bytes | None:
    return None if key is None else digest_of(who.issuer, who.account, who.role, who.subject, key)


def _idempotency_key(key: str | None) -> str | None:
    if key is None:
        return None
    if not 1 <= len(key) <= MAX_KEY or not (key.isascii() and key.isprintable()):
        raise Problem(
            422, "malformed_idempotency_key", f"Idempotency-Key has 1 to {MAX_KEY} printable ASCII"
        )
    return key


def _version(if_match: str | None) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    tag = if_match.strip().removeprefix("W/").strip('"')
    if not (tag.isascii() and tag.isdecimal() and len(tag) <= 9):
        raise Problem(412, "malformed_if_match", 'If-Match is an ETag of ours, such as "17"')
    return int(tag)
