"""`docket terms`: the group of its commands."""

import typer

from docket_cli.packs.cases import run_cases
from docket_cli.packs.check import check
from docket_cli.packs.diff import diff
from docket_cli.packs.docs import docs
from docket_cli.packs.explain import explain
from docket_cli.packs.new import new

app = typer.Typer(
    help="Write support terms as data, try them, and read what they say.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.command("new")(new)
app.command("check")(check)
app.command("test")(run_cases)
app.command("explain")(explain)
app.command("diff")(diff)
app.command("docs")(docs)
