"""`docket mail-sink`: an SMTP server that delivers nowhere, and a page that shows its mails."""

import asyncio
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from docket_cli import config, output
from docket_cli.local.checkout import checkout


def mail_sink(
    mails: Annotated[
        Path | None, typer.Option(help="Folder that keeps the mails (.local/mails).")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the addresses as JSON.")] = False,
) -> None:
    """Take every mail that the services send and show it on a page.

    The SMTP port is that of DOCKET_SMTP_URL, the page's that of DOCKET_MAIL_SINK_PORT.

    Example: docket mail-sink, then open http://127.0.0.1:8025/ (JSON: /mails, /mails/1)
    """
    with output.errors(), checkout():
        from docket_devstack import ports
        from docket_devstack.mail_page import serve
        from docket_devstack.mailbox import Mailbox
        from docket_devstack.workspace import workspace

        settings = config.development_settings()
        smtp = urlsplit(settings.smtp_url).port or 25
        ports.claim(smtp, "DOCKET_SMTP_URL")
        page = ports.claim(settings.mail_sink_port, "DOCKET_MAIL_SINK_PORT")
        addresses = {
            "smtp": f"smtp://{ports.LOOPBACK}:{smtp}",
            "page": f"http://{ports.LOOPBACK}:{page}/",
        }
        if json:
            output.print_json(addresses)
        else:
            output.say(f"mails to {addresses['smtp']} are shown at {addresses['page']}")
        asyncio.run(serve(Mailbox(mails or workspace().mails), smtp, page))
