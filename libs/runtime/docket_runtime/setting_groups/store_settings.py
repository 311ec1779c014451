"""The settings of the database, of its migrations, and of the broker."""

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings

from docket_runtime.broker_addresses import broker_addresses
from docket_runtime.setting_groups.addresses import Address
from docket_runtime.setting_groups.facts import (
    COMMANDS,
    EVERYBODY,
    NOTIFIER,
    SLA_CLOCK,
    read_by,
)


class StoreSettings(BaseSettings):
    """Database and broker."""

    database_url: Address = Field(
        default="postgresql://docket_ticket_api@127.0.0.1:5432/docket",
        description="where the database is; each service connects as a role of its own",
        repr=False,
        json_schema_extra=read_by(
            *EVERYBODY,
            secret=True,
            example="postgresql://docket_ticket_api:PASSWORD@db.example/docket?sslmode=verify-full",
        ),
    )
    amqp_url: str = Field(
        default="amqp://guest:guest@127.0.0.1:5672/",
        description="where the broker is; of a cluster the address of each node, with commas "
        "between them: who connects tries them in turn; `none` for an installation without a bus",
        repr=False,
        json_schema_extra=read_by(
            SLA_CLOCK,
            NOTIFIER,
            COMMANDS,
            secret=True,
            example="amqps://docket:PASSWORD@bus1.example/,amqps://docket:PASSWORD@bus2.example/",
        ),
    )
    log_partitions: int = Field(
        default=1,
        ge=1,
        le=4096,
        description="into how many partitions a new log is divided, for good; it counts for an "
        "empty database alone",
        json_schema_extra=read_by(COMMANDS),
    )
    migrate_lock_s: float = Field(
        default=5,
        ge=0,
        description="seconds that `docket migrate` waits for a lock that a service holds; 0 for "
        "any time",
        json_schema_extra=read_by(COMMANDS),
    )
    migrate_statement_s: float = Field(
        default=60,
        ge=0,
        description="seconds that a statement of a migration may take; 0 for any time",
        json_schema_extra=read_by(COMMANDS),
    )
    idempotency_days: int = Field(
        default=7,
        ge=1,
        le=365,
        description="days for which a repeated Idempotency-Key is answered",
        json_schema_extra=read_by(SLA_CLOCK),
    )

    @field_validator("amqp_url")
    @classmethod
    def _readable_addresses(cls, text: str) -> str:
        broker_addresses(text)
        return text
