"""What a command needs to know of its surroundings, from the environment or the running system."""

from docket_cli.local.addresses import known
from docket_cli.local.place import local
from docket_cli.local.trouble import Trouble
from docket_runtime.settings import Settings, load


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
