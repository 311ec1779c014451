"""The settings of letters: through which server, from whom, in which words, and how many."""

from typing import Literal
from zoneinfo import available_timezones

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

from docket_runtime.setting_groups.addresses import Address
from docket_runtime.setting_groups.facts import COMMANDS, NOTIFIER, SLA_CLOCK, read_by


class MailSettings(BaseSettings):
    """Letters."""

    smtp_url: Address = Field(
        default="smtp://127.0.0.1:1025",
        description="where the mail server is: smtp://, smtp+starttls:// or smtps://, then "
        "[user:password@]host[:port]",
        repr=False,
        json_schema_extra=read_by(
            NOTIFIER, COMMANDS, secret=True, example="smtps://docket:PASSWORD@mail.example"
        ),
    )
    mail_from: str = Field(
        default="support@docket.localhost",
        description="the address that letters come from",
        json_schema_extra=read_by(NOTIFIER, example="support@docket.example"),
    )
    mail_domain: str = Field(
        default="docket.localhost",
        description="the domain in the ids of letters, by which mail programs thread them",
        json_schema_extra=read_by(NOTIFIER, example="docket.example"),
    )
    agents_address: str = Field(
        default="agents@docket.localhost",
        description="the address that letters to the agents go to",
        json_schema_extra=read_by(NOTIFIER, example="agents@docket.example"),
    )
    client_area_url: str | None = Field(
        default=None,
        description="where users find their tickets; letters link /tickets/<id> there",
        json_schema_extra=read_by(NOTIFIER, example="https://support.docket.example"),
    )
    console_url: str | None = Field(
        default=None,
        description="where agents find the console; letters to them link /tickets/<id> there",
        json_schema_extra=read_by(NOTIFIER, example="https://console.docket.example"),
    )
    registration_alert_minutes: int = Field(
        default=30,
        ge=1,
        description="minutes after which a ticket without a registration notice makes "
        "notifier unready",
        json_schema_extra=read_by(SLA_CLOCK, NOTIFIER),
    )
    letters: str | None = Field(
        default=None,
        description="path of a folder whose templates stand in place of ours",
        json_schema_extra=read_by(NOTIFIER),
    )
    language: Literal["en", "ru"] = Field(
        default="en",
        description="language of letters to agents, and to accounts that named none",
        json_schema_extra=read_by(NOTIFIER),
    )
    time_zone: str = Field(
        default="UTC",
        description="time zone whose times such letters show beside UTC, as Europe/Moscow",
        json_schema_extra=read_by(NOTIFIER),
    )
    mails_per_recipient: int = Field(
        default=60,
        ge=1,
        description="letters an hour to one address; what is more is posted only",
        json_schema_extra=read_by(NOTIFIER),
    )
    mails_per_account: int = Field(
        default=600,
        ge=1,
        description="letters an hour for one account",
        json_schema_extra=read_by(NOTIFIER),
    )
    mails_per_principal: int = Field(
        default=60,
        ge=1,
        description="letters an hour because of what one customer did",
        json_schema_extra=read_by(NOTIFIER),
    )
    mails_to_agents: int = Field(
        default=1200,
        ge=1,
        description="letters an hour to the agents' address",
        json_schema_extra=read_by(NOTIFIER),
    )

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        if name not in available_timezones():
            raise ValueError("is no time zone of the IANA database")
        return name
