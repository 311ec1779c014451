"""What production refuses: each unsafe setting by its name, with the way to allow it.

A service checks the list before it opens anything (decision 0037). What an operator allows by name
in DOCKET_ALLOW is taken and said in the log.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit

from docket_runtime.broker_addresses import broker_addresses
from docket_runtime.settings import DEVELOPMENT_ISSUER, LONGEST_TOKEN_MINUTES, Settings

ENCRYPTED = ("require", "verify-ca", "verify-full")
BUS = ("sla-clock", "notifier")


class Unsafe(ValueError):
    """Settings that production refuses; the message names each and says how to allow it."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An unsafe setting: its name for DOCKET_ALLOW, and what to do instead.

    It concerns `services`, or all of them where none is named.
    """

    name: str
    says: str
    unsafe: Callable[[Settings], bool]
    services: tuple[str, ...] = ()


def _database_tls(given: Settings) -> str:
    """Return the sslmode towards the database, `local` where it is on this machine."""
    address = urlsplit(given.database_url)
    asked = parse_qs(address.query)
    several = ",".join([address.netloc.rpartition("@")[2], *asked.get("host", [])])
    if all(_is_local(_host(each)) for each in several.split(",") if each):
        return "local"
    return (asked.get("sslmode") or asked.get("ssl") or ["prefer"])[0]


def _broker_is_plain(given: Settings) -> bool:
    return any(_is_plain(str(each), "amqps") for each in broker_addresses(given.amqp_url))


def _broker_is_guest(given: Settings) -> bool:
    users = {each.user for each in broker_addresses(given.amqp_url)}
    return bool(users & {None, "guest"})  # guest where none is named


def _is_plain(url: str, *encrypted: str) -> bool:
    address = urlsplit(url)
    return address.scheme not in encrypted and not _is_local(address.hostname or "")


def _host(with_port: str) -> str:
    """Return the host of `host:port`, `[::1]:port`, or of a socket's folder."""
    named = unquote(with_port)
    return named if named.startswith("/") else urlsplit(f"//{named}").hostname or ""


def _is_local(host: str) -> bool:
    """Return whether a host is this machine: a loopback address, its name, or a socket's folder."""
    if host.startswith("/") or host == "localhost":
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback


REFUSALS = (
    Refusal(
        "plaintext-database",
        "DOCKET_DATABASE_URL reaches another host without TLS: add ?sslmode=verify-full",
        lambda given: _database_tls(given) not in ("local", *ENCRYPTED),
    ),
    Refusal(
        "unverified-database",
        "DOCKET_DATABASE_URL does not check which database answers: use sslmode=verify-full",
        lambda given: _database_tls(given) in ("require", "verify-ca"),
    ),
    Refusal(
        "plaintext-broker",
        "DOCKET_AMQP_URL reaches another host without TLS: use amqps://",
        _broker_is_plain,
        BUS,
    ),
    Refusal(
        "guest-broker",
        "DOCKET_AMQP_URL has the user guest, whom every RabbitMQ knows: make a user of its own",
        _broker_is_guest,
        BUS,
    ),
    Refusal(
        "plaintext-mail",
        "DOCKET_SMTP_URL may reach another host without TLS: use smtps:// or smtp+starttls://",
        lambda given: _is_plain(given.smtp_url, "smtps", "smtp+starttls"),
        ("notifier",),
    ),
    Refusal(
        "plaintext-issuer",
        "DOCKET_JWKS_URL must be https: who is on the way could put keys of its own there",
        lambda given: not (given.jwks_url or "https://").startswith("https://"),
        ("ticket-api",),
    ),
    Refusal(
        "development-issuer",
        f"DOCKET_JWT_ISSUER is {DEVELOPMENT_ISSUER}, the issuer of development tokens",
        lambda given: given.jwt_issuer == DEVELOPMENT_ISSUER,
        ("ticket-api",),
    ),
    Refusal(
        "long-tokens",
        f"DOCKET_TOKEN_MINUTES lets tokens live longer than {LONGEST_TOKEN_MINUTES} minutes",
        lambda given: (given.token_minutes or 0) > LONGEST_TOKEN_MINUTES,
        ("ticket-api",),
    ),
    Refusal(
        "no-checkpoint-key",
        "DOCKET_CHECKPOINT_KEY is not set, so nobody could tell that an administrator changed the"
        " past: make a key pair for sla-clock",
        lambda given: given.checkpoint_key is None,
        ("sla-clock",),
    ),
    Refusal(
        "no-outside-copy",
        "DOCKET_CHECKPOINTS_FILE is not set, so a cut end of the log could not be found: name"
        " a file outside the database",
        lambda given: given.checkpoints_file is None,
        ("sla-clock",),
    ),
    Refusal(
        "public-http",
        "DOCKET_HOST listens beyond this machine without TLS: name the proxy that ends TLS in"
        " DOCKET_PROXIES, or listen on 127.0.0.1",
        lambda given: not _is_local(given.host) and not given.proxies,
    ),
)
"""What can be seen in the settings alone."""

DEVELOPMENT_KEYS = "development-keys"
SUPERUSER = "superuser-database"
OWNER = "owner-database"
SEEN_LATER = {
    DEVELOPMENT_KEYS: "the keys that verify tokens are those of `docket token`, for development",
    SUPERUSER: "the database role may do everything: connect as the service's own role",
    OWNER: "the database role owns the log and could change it: connect as the service's own role",
}
"""What shows only once a file is read or the database answers."""

NAMES = (*(each.name for each in REFUSALS), *SEEN_LATER)


def unsafe_settings(settings: Settings, service: str) -> Iterator[Refusal]:
    """Yield what is unsafe in the settings of a service, allowed or not."""
    for refusal in REFUSALS:
        if (not refusal.services or service in refusal.services) and refusal.unsafe(settings):
            yield refusal


def check_production(settings: Settings, service: str) -> tuple[str, ...]:
    """Return the names of what is unsafe and allowed; raise Unsafe for what is not allowed.

    Outside production everything is taken. An unknown name in DOCKET_ALLOW is Unsafe too, for it
    allows nothing and looks as if it did.
    """
    unknown = [name for name in settings.allowed if name not in NAMES]
    if unknown:
        raise Unsafe(f"DOCKET_ALLOW: {', '.join(unknown)} is none of {', '.join(NAMES)}")
    if settings.env != "prod":
        return ()
    unsafe = list(unsafe_settings(settings, service))
    refused = [each for each in unsafe if each.name not in settings.allowed]
    if refused:
        raise Unsafe("\n".join(_refused(each.name, each.says) for each in refused))
    return tuple(each.name for each in unsafe)


def check_later(settings: Settings, name: str) -> None:
    """Raise Unsafe for something of SEEN_LATER that was found, unless it is allowed."""
    if settings.env == "prod" and name not in settings.allowed:
        raise Unsafe(_refused(name, SEEN_LATER[name]))


def _refused(name: str, says: str) -> str:
    return f"refused when DOCKET_ENV=prod: {says} (to take it all the same: DOCKET_ALLOW={name})"
