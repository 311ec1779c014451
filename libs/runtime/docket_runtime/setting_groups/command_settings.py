"""The settings of the commands that ask ticket-api."""

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from docket_runtime.setting_groups.facts import COMMANDS, read_by


class CommandSettings(BaseSettings):
    """Commands."""

    api_url: str | None = Field(
        default=None,
        description="where ticket-api answers, for the commands that ask it",
        json_schema_extra=read_by(COMMANDS),
    )
    token: SecretStr | None = Field(
        default=None,
        description="the token they ask it with",
        json_schema_extra=read_by(COMMANDS, secret=True),
    )
