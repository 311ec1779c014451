"""The configuration of a command, from the environment or the running system."""

from dataclasses import dataclass

from docket_cli.errors import Trouble
from docket_devstack import keys
from docket_devstack.addresses import known
from docket_devstack.workspace import local
from docket_runtime.settings import Settings, load


@dataclass(frozen=True, slots=True)
class ApiDoor:
    """Where ticket-api answers, and the token to ask it with."""

    url: str
    token: str


def door() -> ApiDoor:
    """Return the door that DOCKET_API_URL and DOCKET_TOKEN name, else this checkout's (0014).

    There a development token for an auditor opens it. Raises Trouble that says what is missing.
    """
    from docket_cli.local.token import sign  # it asks this module for the settings of development

    given = _of_environment()
    running = known(local())
    url = given.api_url or (running.ticket_api if running else None)
    if url is None:
        raise Trouble("nothing runs here: docket up, or set DOCKET_API_URL and DOCKET_TOKEN")
    if given.token is not None:
        return ApiDoor(url, given.token.get_secret_value())
    if given.api_url is not None:
        raise Trouble("set DOCKET_TOKEN to a token for DOCKET_API_URL")
    return ApiDoor(url, sign(local(), of_development(), role="auditor"))


def settings() -> Settings:
    """Return the settings of the environment, else those of this checkout's running system.

    Who sets DOCKET_DATABASE_URL or DOCKET_ENV says where to go; who sets neither means the system
    that `docket up` started. Raises Trouble that names the variable that is wrong or unknown.
    """
    given = _of_environment()
    running = known(local())
    if running is None or given.model_fields_set & {"database_url", "env"}:
        return given
    here = {
        "env": "dev",
        "database_url": running.database_url("docket_ticket_api"),
        "amqp_url": running.amqp,
        "smtp_url": running.smtp,
        "checkpoint_keys": str(keys.checkpoint_keys(local().keys)[1]),
        "checkpoints_file": str(local().checkpoints),
    }
    return given.model_copy(
        update={name: url for name, url in here.items() if name not in given.model_fields_set}
    )


def of_development() -> Settings:
    """Return the settings of a command that is for development; DOCKET_ENV is `dev` unless set.

    Raises Trouble that names the variable that is wrong, unknown, or says `prod`.
    """
    given = _of_environment()
    if "env" not in given.model_fields_set:
        return given.model_copy(update={"env": "dev"})
    if given.env == "prod":
        raise Trouble("this command is for development and refused when DOCKET_ENV=prod")
    return given


def _of_environment() -> Settings:
    try:
        return load()
    except ValueError as error:
        raise Trouble(str(error)) from error
