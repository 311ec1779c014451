"""Settings from the environment: every name starts with DOCKET_, an unknown one is an error."""

import os
from typing import Literal
from zoneinfo import available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import SettingsConfigDict

from docket_runtime.broker_addresses import broker_addresses
from docket_runtime.clock import Warp, parse_warp
from docket_runtime.limit_settings import LimitSettings

DEVELOPMENT_ISSUER = "docket-dev"
DEVELOPMENT_KID = "docket-dev-"
"""How the ids of keys begin that sign development tokens."""
LONGEST_TOKEN_MINUTES = 60


class Settings(LimitSettings):
    """The settings of a service or a command."""

    model_config = SettingsConfigDict(env_prefix="DOCKET_", frozen=True, extra="forbid")

    database_url: str = "postgresql://docket_ticket_api@127.0.0.1:5432/docket"
    amqp_url: str = Field(
        default="amqp://guest:guest@127.0.0.1:5672/",
        description="the broker; of a cluster the address of each node, with commas between them: "
        "who connects tries them in turn; `none` for no broker",
    )
    smtp_url: str = "smtp://127.0.0.1:1025"
    env: Literal["dev", "test", "prod"] = "prod"
    clock: str = "system"
    log_partitions: int = Field(default=1, ge=1, le=4096)

    allow: str = Field(
        default="",
        description="what production would refuse and takes all the same, by name, with commas",
    )

    jwt_issuer: str = DEVELOPMENT_ISSUER
    jwt_audience: str = "docket"
    jwks_url: str | None = Field(default=None, description="where the issuer has its JWK set")
    jwt_keys: str | None = Field(default=None, description="path of a JWK set with public keys")

    token_minutes: int | None = Field(
        default=None,
        ge=1,
        description="how long a token may live: one that is issued for longer is refused; "
        "60 in production where nothing is said, elsewhere any time",
    )

    files_url: str = Field(
        default="file:///var/lib/docket/files",
        description="where files lie: file://, s3://, gs:// or az:// (decision 0012)",
    )
    file_max_bytes: int = Field(default=1024**3, ge=1)
    file_types: str = Field(
        default="text/plain, text/csv, text/x-log, application/json, application/x-ndjson, "
        "application/xml, application/yaml, application/sql, application/pdf, application/zip, "
        "application/gzip, application/zstd, application/x-bzip2, application/x-xz, "
        "application/x-tar, application/x-7z-compressed, application/vnd.tcpdump.pcap, "
        "application/vnd.sqlite3, application/octet-stream, image/png, image/jpeg, image/gif, "
        "image/webp",
        description="the media types that are taken, with commas between them",
    )
    files_per_ticket: int = Field(default=200, ge=1)
    upload_idle_hours: int = Field(
        default=24, ge=1, description="after which a file that no message sends is forgotten"
    )

    idempotency_days: int = Field(
        default=7, ge=1, le=365, description="for which a repeated Idempotency-Key is answered"
    )

    releases: str | None = Field(
        default=None,
        description="path of the releases by product, in JSON: by them versions are judged (C-69)",
    )

    checkpoint_key: str | None = Field(
        default=None, description="path of the private key that signs checkpoints (Ed25519, PEM)"
    )
    checkpoint_keys: str | None = Field(
        default=None, description="path of the public keys that may have signed, one a line"
    )
    checkpoints_file: str | None = Field(
        default=None, description="where each checkpoint is kept outside the database"
    )

    api_url: str | None = Field(
        default=None, description="where ticket-api answers, for the commands that ask it"
    )
    token: SecretStr | None = Field(default=None, description="the token they ask it with")

    host: str = Field(default="127.0.0.1", description="the address that the services listen on")
    proxies: str = Field(
        default="",
        description="the addresses of the proxies that end TLS, with commas: only their "
        "X-Forwarded-For and X-Forwarded-Proto are believed",
    )
    ticket_api_port: int = 8080
    sla_clock_port: int = 8081
    notifier_port: int = 8082
    mail_sink_port: int = 8025

    mail_from: str = "support@docket.localhost"
    mail_domain: str = "docket.localhost"
    agents_address: str = "agents@docket.localhost"
    client_area_url: str | None = Field(
        default=None, description="where users find their tickets; letters link /tickets/<id> there"
    )
    console_url: str | None = Field(
        default=None,
        description="where agents find the console; letters to them link /tickets/<id> there",
    )
    registration_alert_minutes: int = Field(default=30, ge=1)
    letters: str | None = Field(
        default=None, description="path of a folder whose templates stand in place of ours"
    )
    language: Literal["en", "ru"] = Field(
        default="en", description="of letters to agents, and to accounts that named none"
    )
    time_zone: str = Field(
        default="UTC", description="whose times such letters show beside UTC, as Europe/Moscow"
    )
    mails_per_recipient: int = Field(
        default=60, ge=1, description="an hour to one address; what is more is posted only"
    )
    mails_per_account: int = Field(default=600, ge=1, description="an hour for one account")
    mails_per_principal: int = Field(
        default=60, ge=1, description="an hour because of what one customer did"
    )
    mails_to_agents: int = Field(default=1200, ge=1, description="an hour to the agents' address")

    @field_validator("amqp_url")
    @classmethod
    def _readable_addresses(cls, text: str) -> str:
        broker_addresses(text)
        return text

    @field_validator("clock")
    @classmethod
    def _readable_clock(cls, text: str) -> str:
        parse_warp(text)
        return text

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError(f"{name} is no time zone of the IANA database")
        return name

    @model_validator(mode="after")
    def _no_warp_in_production(self) -> "Settings":
        if self.env == "prod" and self.clock != "system":
            raise ValueError("DOCKET_CLOCK must be 'system' when DOCKET_ENV=prod")
        return self

    @model_validator(mode="after")
    def _keys_of_one_place(self) -> "Settings":
        if self.jwks_url and self.jwt_keys:
            raise ValueError("set DOCKET_JWKS_URL or DOCKET_JWT_KEYS, not both")
        return self

    @property
    def allowed(self) -> tuple[str, ...]:
        """Return the names of DOCKET_ALLOW."""
        return tuple(name.strip() for name in self.allow.split(",") if name.strip())

    @property
    def token_life_s(self) -> int | None:
        """Return the seconds that a token may live, None where that is not bounded."""
        minutes = self.token_minutes
        if minutes is None and self.env == "prod":
            minutes = LONGEST_TOKEN_MINUTES
        return None if minutes is None else minutes * 60

    @property
    def warp(self) -> Warp | None:
        """Return the warp of DOCKET_CLOCK, None for the system clock."""
        return parse_warp(self.clock)


def load(**usual: str) -> Settings:
    """Read the settings; `usual` are those of a command where the environment says nothing.

    Raise ValueError that names the variable that is wrong or unknown, and says why.
    """
    known = {_variable(name) for name in Settings.model_fields}
    unknown = sorted(
        name for name in os.environ if name.startswith("DOCKET_") and name not in known
    )
    if unknown:
        raise ValueError(
            f"unknown settings: {', '.join(unknown)}; known: {', '.join(sorted(known))}"
        )
    unsaid = {name: value for name, value in usual.items() if _variable(name) not in os.environ}
    try:
        return Settings(**unsaid)  # type: ignore[arg-type]  # checked like what the environment says
    except ValidationError as wrong:
        raise ValueError("; ".join(_mistake(error) for error in wrong.errors())) from None


def _variable(name: str | int) -> str:
    return f"DOCKET_{str(name).upper()}"


def _mistake(error: ErrorDetails) -> str:
    """Return what is wrong with a setting, by the name of its variable."""
    why = error["msg"].removeprefix("Value error, ")
    return f"{_variable(error['loc'][0])}: {why}" if error["loc"] else why
