"""The settings of a process: in which world it runs, and where it listens."""

from typing import Literal

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

from docket_runtime.clock import parse_warp
from docket_runtime.setting_groups.facts import (
    COMMANDS,
    EVERYBODY,
    NOTIFIER,
    SERVICES,
    SLA_CLOCK,
    TICKET_API,
    read_by,
)


class ProcessSettings(BaseSettings):
    """Processes."""

    env: Literal["dev", "test", "prod"] = Field(
        default="prod",
        description="in which world this runs: prod refuses what is unsafe",
        json_schema_extra=read_by(*EVERYBODY, example="prod"),
    )
    allow: str = Field(
        default="",
        description="what production would refuse and takes all the same, by name, with commas",
        json_schema_extra=read_by(*SERVICES),
    )
    clock: str = Field(
        default="system",
        description="`system`, or `warp:<virtual start>@<real start>x<factor>` in development",
        json_schema_extra=read_by(*EVERYBODY),
    )
    host: str = Field(
        default="127.0.0.1",
        description="the address that the services listen on",
        json_schema_extra=read_by(*SERVICES),
    )
    proxies: str = Field(
        default="",
        description="the addresses of the proxies that end TLS, with commas: only their "
        "X-Forwarded-For and X-Forwarded-Proto are believed",
        json_schema_extra=read_by(*SERVICES),
    )
    ticket_api_port: int = Field(
        default=8080,
        description="where ticket-api listens",
        json_schema_extra=read_by(TICKET_API),
    )
    sla_clock_port: int = Field(
        default=8081,
        description="where sla-clock listens, for its probes alone",
        json_schema_extra=read_by(SLA_CLOCK),
    )
    notifier_port: int = Field(
        default=8082,
        description="where notifier listens, for its probes alone",
        json_schema_extra=read_by(NOTIFIER),
    )
    mail_sink_port: int = Field(
        default=8025,
        description="where `docket mail-sink` shows its web page, in development",
        json_schema_extra=read_by(COMMANDS),
    )

    @field_validator("clock")
    @classmethod
    def _readable_clock(cls, text: str) -> str:
        try:
            parse_warp(text)
        except ValueError:  # it names the value
            raise ValueError(
                "write 'system', or 'warp:<virtual start>@<real start>x<factor>', both with Z"
            ) from None
        return text
