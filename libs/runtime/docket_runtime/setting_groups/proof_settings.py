"""The settings of the checkpoints that prove the log."""

from pydantic import Field
from pydantic_settings import BaseSettings

from docket_runtime.setting_groups.facts import COMMANDS, SLA_CLOCK, TICKET_API, read_by


class ProofSettings(BaseSettings):
    """Checkpoints."""

    checkpoint_key: str | None = Field(
        default=None,
        description="path of the private key that signs checkpoints (Ed25519, PEM)",
        json_schema_extra=read_by(SLA_CLOCK, COMMANDS, example="/etc/docket/keys/checkpoint.pem"),
    )
    checkpoint_keys: str | None = Field(
        default=None,
        description="path of the public keys that may have signed, one a line",
        json_schema_extra=read_by(
            TICKET_API, SLA_CLOCK, COMMANDS, example="/etc/docket/keys/checkpoint.pub"
        ),
    )
    checkpoints_file: str | None = Field(
        default=None,
        description="path of the file in which each checkpoint is kept outside the database",
        json_schema_extra=read_by(
            SLA_CLOCK, COMMANDS, example="/var/lib/docket/checkpoints/checkpoints.jsonl"
        ),
    )
