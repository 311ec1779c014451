"""Settings from the environment: every name starts with DOCKET_, an unknown one is an error.

What there is stands in `setting_groups`, a class for each subject.
"""

import os
from typing import Self, cast

from pydantic import ValidationError, model_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from docket_runtime.clock import Warp, parse_warp
from docket_runtime.setting_groups.command_settings import CommandSettings
from docket_runtime.setting_groups.file_settings import FileSettings
from docket_runtime.setting_groups.limit_settings import LimitSettings
from docket_runtime.setting_groups.mail_settings import MailSettings
from docket_runtime.setting_groups.process_settings import ProcessSettings
from docket_runtime.setting_groups.proof_settings import ProofSettings
from docket_runtime.setting_groups.sources import Given, given_by, variable
from docket_runtime.setting_groups.store_settings import StoreSettings
from docket_runtime.setting_groups.token_settings import (
    DEVELOPMENT_ISSUER,
    DEVELOPMENT_KID,
    LONGEST_TOKEN_MINUTES,
    TokenSettings,
)

__all__ = [
    "DEVELOPMENT_ISSUER",
    "DEVELOPMENT_KID",
    "GROUPS",
    "LONGEST_TOKEN_MINUTES",
    "Settings",
    "SettingsError",
    "load",
    "read",
]


class SettingsError(ValueError):
    """Settings that are wrong: `mistakes` has a sentence for each, none of which tells a value."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("; ".join(mistakes))
        self.mistakes = tuple(mistakes)


class Settings(
    ProcessSettings,
    StoreSettings,
    TokenSettings,
    FileSettings,
    ProofSettings,
    MailSettings,
    CommandSettings,
    LimitSettings,
):
    """The settings of a service or a command; its groups in the order in which one sets up."""

    model_config = SettingsConfigDict(
        env_prefix="DOCKET_", frozen=True, extra="forbid", hide_input_in_errors=True
    )

    @model_validator(mode="after")
    def _no_warp_in_production(self) -> Self:
        if self.env == "prod" and self.clock != "system":
            raise ValueError("DOCKET_CLOCK must be 'system' when DOCKET_ENV=prod")
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


GROUPS = cast("tuple[type[BaseSettings], ...]", Settings.__bases__)


def load(**usual: str) -> Settings:
    """Read the settings; `usual` are those of a command where the environment says nothing.

    Raise SettingsError, which names each variable that is wrong or unknown, and says why.
    """
    return read(**usual)[0]


def read(**usual: str) -> tuple[Settings, Given]:
    """Read the settings as `load` does; return also from where they are."""
    given = given_by(os.environ, Settings.model_fields)
    mistakes = given.mistakes
    try:
        settings = Settings(**{**usual, **given.values})  # type: ignore[arg-type]  # checked there
    except ValidationError as wrong:
        mistakes = [*mistakes, *map(_mistake, wrong.errors())]
    if mistakes:
        raise SettingsError(mistakes) from None
    return settings, given


def _mistake(error: ErrorDetails) -> str:
    """Return what is wrong with a setting, by the name of its variable."""
    why = error["msg"].removeprefix("Value error, ")
    return f"{variable(str(error['loc'][0]))}: {why}" if error["loc"] else why
