"""The settings that bound what callers may take: connections, requests, questions, bytes.

docs/limits.md is made from them. A rate is `<number> per <seconds> seconds`.
"""

from typing import Annotated, Literal

from limits import parse
from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings

from docket_runtime.setting_groups.facts import SERVICES, TICKET_API, read_by

KIB, MIB, GIB = 1024, 1024**2, 1024**3


def _rate(text: str) -> str:
    try:
        parse(text)
    except ValueError:
        raise ValueError("write a rate as '1000 per 10 seconds'") from None
    return text


Rate = Annotated[str, AfterValidator(_rate)]


class LimitSettings(BaseSettings):
    """Limits."""

    http_head_bytes: int = Field(
        default=64 * KIB,
        ge=KIB,
        description="bytes of a request line with its headers, before they are complete",
        json_schema_extra=read_by(*SERVICES),
    )
    http_head_s: float = Field(
        default=10,
        gt=0,
        description="seconds from the first byte of a request to its last header",
        json_schema_extra=read_by(*SERVICES),
    )
    http_body_s: float = Field(
        default=10,
        gt=0,
        description="seconds in which a body comes on by `DOCKET_HTTP_LEAST_RATE`, or is cut",
        json_schema_extra=read_by(*SERVICES),
    )
    http_idle_s: int = Field(
        default=10,
        ge=1,
        description="seconds that a connection may be idle between two requests",
        json_schema_extra=read_by(*SERVICES),
    )
    http_reader_s: float = Field(
        default=30,
        gt=0,
        description="seconds in which an answer is read on by `DOCKET_HTTP_LEAST_RATE`, or is cut",
        json_schema_extra=read_by(*SERVICES),
    )
    http_least_rate: int = Field(
        default=256,
        ge=1,
        description="bytes a second that who sends or reads must reach",
        json_schema_extra=read_by(*SERVICES),
    )
    http_connections: int = Field(
        default=800,
        ge=1,
        description="open connections of a process; keep files free (`ulimit -n`)",
        json_schema_extra=read_by(*SERVICES),
    )
    http_connections_per_address: int = Field(
        default=200,
        ge=1,
        description="open connections of one address (in IPv6: a /64); of a proxy's address all",
        json_schema_extra=read_by(*SERVICES),
    )
    request_s: float = Field(
        default=10,
        gt=0,
        description="seconds that a request may take but for streams, exports, files and analyses",
        json_schema_extra=read_by(TICKET_API),
    )

    rate: Rate = Field(
        default="1000 per 10 seconds",
        description="requests of one principal",
        json_schema_extra=read_by(TICKET_API),
    )
    rate_account: Rate = Field(
        default="2000 per 10 seconds",
        description="requests of all principals of one account together",
        json_schema_extra=read_by(TICKET_API),
    )
    rate_service: Rate = Field(
        default="10000 per 10 seconds",
        description="requests of a principal of the role service",
        json_schema_extra=read_by(TICKET_API),
    )
    rate_costly: Rate = Field(
        default="120 per 60 seconds",
        description="costly requests of one principal: exports, reports, replays, simulations, ...",
        json_schema_extra=read_by(TICKET_API),
    )
    rate_anonymous: Rate = Field(
        default="600 per 60 seconds",
        description="requests of one address without a token, or with one that is not good",
        json_schema_extra=read_by(TICKET_API),
    )

    simulation_cost: int = Field(
        default=20_000,
        ge=1,
        description="what a simulation may ask for: its events times its asks",
        json_schema_extra=read_by(TICKET_API),
    )
    simulation_s: float = Field(
        default=8,
        gt=0,
        description="seconds that a simulation may take",
        json_schema_extra=read_by(TICKET_API),
    )
    analysis_s: float = Field(
        default=120,
        gt=0,
        description="seconds that a what-if or a forecast may take",
        json_schema_extra=read_by(TICKET_API),
    )
    answer_bytes: int = Field(
        default=8 * MIB,
        ge=KIB,
        description="bytes of the answer to a simulation or an analysis",
        json_schema_extra=read_by(TICKET_API),
    )

    uploads: int = Field(
        default=32,
        ge=1,
        description="files that a process receives at a time",
        json_schema_extra=read_by(TICKET_API),
    )
    uploads_per_principal: int = Field(
        default=8,
        ge=1,
        description="files that one principal sends at a time",
        json_schema_extra=read_by(TICKET_API),
    )
    ticket_bytes: int = Field(
        default=10 * GIB,
        ge=1,
        description="bytes of the files of one ticket, as announced",
        json_schema_extra=read_by(TICKET_API),
    )
    account_bytes: int = Field(
        default=100 * GIB,
        ge=1,
        description="bytes of the files and texts of one account's tickets",
        json_schema_extra=read_by(TICKET_API),
    )

    log_address: Literal["network", "whole", "none"] = Field(
        default="network",
        description="what the request log shows of a client's address: its network (/24, /48), "
        "all of it, or nothing",
        json_schema_extra=read_by(TICKET_API),
    )
