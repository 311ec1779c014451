"""Settings and access of a command: from the environment, else from the checkout's own system."""

from dataclasses import dataclass

from docket_cli.errors import CliError
from docket_cli.local.checkout import checkout, running_system
from docket_runtime.settings import Settings, load


@dataclass(frozen=True, slots=True)
class ApiAccess:
    """Where ticket-api answers, and the token to ask it with."""

    url: str
    token: str


def api_access() -> ApiAccess:
    """Return what DOCKET_API_URL and DOCKET_TOKEN name, else this checkout's system (0014).

    That one is asked with a development token for an auditor. Raises CliError that says what is
    missing.
    """
    given = _of_environment()
    running = running_system()
    if given.api_url is not None:
        if given.token is None:
            raise CliError("set DOCKET_TOKEN to a token for DOCKET_API_URL")
        return ApiAccess(given.api_url, given.token.get_secret_value())
    if running is None:
        raise CliError("nothing runs here: docket up, or set DOCKET_API_URL and DOCKET_TOKEN")
    workspace, addresses = running
    if given.token is not None:
        return ApiAccess(addresses.ticket_api, given.token.get_secret_value())
    with checkout():
        from docket_devstack.tokens import sign

        token = sign(workspace, development_settings(), role="auditor")
        return ApiAccess(addresses.ticket_api, token)


def settings() -> Settings:
    """Return the settings of the environment, else those of this checkout's running system.

    With DOCKET_DATABASE_URL or DOCKET_ENV the environment counts, with neither the system that
    `docket up` started. Raises CliError that names the variable that is wrong or unknown.
    """
    given = _of_environment()
    running = running_system()
    if running is None or given.model_fields_set & {"database_url", "env"}:
        return given
    from docket_devstack import keys

    workspace, addresses = running
    here = {
        "env": "dev",
        "database_url": addresses.database_url("docket_ticket_api"),
        "amqp_url": addresses.amqp,
        "smtp_url": addresses.smtp,
        "checkpoint_keys": str(keys.checkpoint_keys(workspace.keys)[1]),
        "checkpoints_file": str(workspace.checkpoints),
        "files_url": workspace.files.as_uri(),
    }
    return given.model_copy(
        update={name: url for name, url in here.items() if name not in given.model_fields_set}
    )


def development_settings() -> Settings:
    """Return the settings of a command that is for development; DOCKET_ENV is `dev` unless set.

    Raises CliError that names the variable that is wrong, unknown, or says `prod`.
    """
    given = _of_environment(env="dev")
    if given.env == "prod":
        raise CliError("this command is for development and refused when DOCKET_ENV=prod")
    return given


def _of_environment(**usual: str) -> Settings:
    try:
        return load(**usual)
    except ValueError as error:
        raise CliError(str(error)) from error
