"""The `docket` command: a table of its commands, each a function in a module of its own.

A module is imported when its command is called, so that `docket simulate` loads no database driver.
"""

import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

COMMANDS: Mapping[str, str] = {
    "up": "docket_cli.local.up:up",
    "down": "docket_cli.local.up:down",
    "logs": "docket_cli.local.up:logs",
    "token": "docket_cli.local.token:token",
    "mail-sink": "docket_cli.local.mail_sink:mail_sink",
    "migrate": "docket_cli.installation.migrate:app",
    "check": "docket_cli.installation.check:check",
    "keys": "docket_cli.installation.keys:app",
    "import": "docket_cli.log.import_:import_command",
    "simulate": "docket_cli.terms.simulate:simulate",
    "explain": "docket_cli.terms.explain:explain",
    "history": "docket_cli.audit.history:history",
    "show": "docket_cli.audit.show:show",
    "diff": "docket_cli.audit.diff:diff",
    "pauses": "docket_cli.audit.reports:pauses",
    "breaches": "docket_cli.audit.reports:breaches",
    "timers": "docket_cli.audit.timers:timers",
    "tail": "docket_cli.audit.tail:tail",
    "terms": "docket_cli.packs.app:app",
    "whatif": "docket_cli.terms.whatif:whatif",
    "forecast": "docket_cli.terms.forecast:forecast",
    "verify": "docket_cli.log.verify:verify",
    "checkpoint-key": "docket_cli.log.checkpoint_key:checkpoint_key",
    "replay": "docket_cli.log.replay:replay",
    "rebuild": "docket_cli.log.rebuild:rebuild_command",
    "export": "docket_cli.log.export:export_command",
    "calendars": "docket_cli.terms.calendars:calendars",
    "dead-letters": "docket_cli.log.dead_letters:app",
}
"""The function, or the group of functions, of each command."""


class OnDemand(TyperGroup):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the commands in the order of their list."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, None when there is no such."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        does = getattr(import_module(module), name)
        if "structlog" in sys.modules:  # it is a command that can log
            from docket_runtime.process import logs

            logs.configure_unnamed()
        if isinstance(does, typer.Typer):
            command: Any = typer.main.get_group(does)
        else:
            alone = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
            alone.command(cmd_name)(does)
            command = typer.main.get_command(alone)
        command.name = cmd_name
        return command


app = typer.Typer(
    cls=OnDemand,
    help="Support tickets under written terms, from the command line.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # they would show tokens and addresses
)


@app.callback()
def docket() -> None:
    """Support tickets under written terms, from the command line."""
