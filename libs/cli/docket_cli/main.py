"""The `docket` command: one line for each of its commands, each a function of its own module."""

import typer

from docket_cli import dead_letters
from docket_cli.import_ import import_command
from docket_cli.mail_sink import mail_sink
from docket_cli.simulate import simulate
from docket_cli.token import token
from docket_cli.up import down, logs, up

app = typer.Typer(
    help="Support tickets under written terms, from the command line.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # they would show tokens and addresses
)

app.command("up")(up)
app.command("down")(down)
app.command("logs")(logs)
app.command("token")(token)
app.command("mail-sink")(mail_sink)
app.command("import")(import_command)
app.command("simulate")(simulate)
app.add_typer(dead_letters.app, name="dead-letters")
