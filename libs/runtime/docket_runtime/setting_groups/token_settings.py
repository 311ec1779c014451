"""The settings of the tokens that callers show: who issues them, and with which keys."""

from pydantic import Field, model_validator
from pydantic_settings import BaseSettings

from docket_runtime.setting_groups.facts import COMMANDS, TICKET_API, read_by

DEVELOPMENT_ISSUER = "docket-dev"
DEVELOPMENT_KID = "docket-dev-"
"""How the ids of keys begin that sign development tokens."""
LONGEST_TOKEN_MINUTES = 60


class TokenSettings(BaseSettings):
    """Tokens."""

    jwt_issuer: str = Field(
        default=DEVELOPMENT_ISSUER,
        description="the issuer whose tokens count: their `iss`",
        json_schema_extra=read_by(TICKET_API, COMMANDS, example="https://issuer.example"),
    )
    jwt_audience: str = Field(
        default="docket",
        description="for whom tokens must be: their `aud`",
        json_schema_extra=read_by(TICKET_API, COMMANDS),
    )
    jwks_url: str | None = Field(
        default=None,
        description="where the issuer has its JWK set",
        json_schema_extra=read_by(TICKET_API, example="https://issuer.example/keys"),
    )
    jwt_keys: str | None = Field(
        default=None,
        description="path of a JWK set with public keys, instead of that address; read again "
        "when it has changed",
        json_schema_extra=read_by(TICKET_API),
    )
    token_minutes: int | None = Field(
        default=None,
        ge=1,
        description="how long a token may live: one that is issued for longer is refused; "
        "60 in production where nothing is said, elsewhere any time",
        json_schema_extra=read_by(TICKET_API),
    )

    @model_validator(mode="after")
    def _keys_of_one_place(self) -> "TokenSettings":
        if self.jwks_url and self.jwt_keys:
            raise ValueError("set DOCKET_JWKS_URL or DOCKET_JWT_KEYS, not both")
        return self
