"""`python -m docket_cli` is `docket`."""

from docket_cli.main import app

app(prog_name="docket")
