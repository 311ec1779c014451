"""The page on which a developer reads the mails of the mailbox, and the same as JSON.

A mail is shown as text, as the page that it has and as its source. The page stands in a sandbox: it
runs nothing, fetches nothing and reaches nothing of ours.
"""

from html import escape

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

from docket_devstack.mailbox import Mail, Mailbox, listening
from docket_devstack.ports import LOOPBACK

_SHOWN = 200
_POLICY = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'"
}
_SANDBOX = {
    "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    "x-content-type-options": "nosniff",
}
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>{title}</title>
<style>
body{{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:60rem;padding:0 1rem}}
td,th{{padding:.3rem .8rem;text-align:left;vertical-align:top}} pre{{white-space:pre-wrap}}
iframe{{border:1px solid #999;height:24rem;width:100%}}
</style><h1>{title}</h1>{body}</html>"""


async def serve(mailbox: Mailbox, smtp: int, page: int) -> None:
    """Accept mails on one port and show them on the other until the process is asked to end."""
    async with listening(mailbox, smtp):
        config = uvicorn.Config(application(mailbox), LOOPBACK, page, log_level="warning")
        await uvicorn.Server(config).serve()


def application(mailbox: Mailbox) -> Starlette:
    """Return the application: `/` and `/mails/{n}` for people, `/mails` for programs.

    Who asks `/mails/{n}` for something else than HTML gets the mail as `/mails` has it.
    """

    async def show_list(_request: Request) -> Response:
        mails = mailbox.newest_first()
        rows = "".join(map(_row, mails[:_SHOWN])) or "<tr><td>No mail yet."
        table = f"<table><tr><th>#<th>To<th>Subject{rows}</table>"
        return HTMLResponse(_PAGE.format(title="Mails", body=table), headers=_POLICY)

    async def list_mails(request: Request) -> Response:
        limit = request.query_params.get("limit", str(_SHOWN))
        if not limit.isdecimal():
            return PlainTextResponse("limit is a number", 422)
        return _json(mailbox.newest_first()[: int(limit)])

    async def show_mail(request: Request) -> Response:
        mail = mailbox.mail(request.path_params["number"])
        if mail is None:
            return PlainTextResponse("no such mail", 404)
        if "text/html" not in request.headers.get("accept", ""):
            return _json(mail)
        page = _PAGE.format(title=escape(mail.subject), body=_body(mail))
        return HTMLResponse(page, headers=_POLICY)

    async def show_page(request: Request) -> Response:
        mail = mailbox.mail(request.path_params["number"])
        if mail is None or mail.html is None:
            return PlainTextResponse("no such page", 404)
        return HTMLResponse(mail.html, headers=_SANDBOX)

    async def show_source(request: Request) -> Response:
        source = mailbox.source(request.path_params["number"])
        if source is None:
            return PlainTextResponse("no such mail", 404)
        return PlainTextResponse(source.decode(errors="replace"), headers=_SANDBOX)

    async def ready(_request: Request) -> Response:
        return PlainTextResponse("ready")

    return Starlette(
        routes=[
            Route("/", show_list),
            Route("/mails", list_mails),
            Route("/mails/{number:int}", show_mail),
            Route("/mails/{number:int}/page", show_page),
            Route("/mails/{number:int}/source", show_source),
            Route("/readyz", ready),
        ]
    )


def _json(value: Mail | list[Mail]) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")


def _row(mail: Mail) -> str:
    link = f'<a href="/mails/{mail.number}">{escape(mail.subject or "(no subject)")}</a>'
    return f"<tr><td>{mail.number}<td>{escape(', '.join(mail.to))}<td>{link}"


def _body(mail: Mail) -> str:
    headers = "\n".join(f"{name}: {value}" for name, value in mail.headers.items())
    place = f"/mails/{mail.number}"
    framed = (
        f'<iframe sandbox src="{place}/page" title="The mail as a page"></iframe>'
        if mail.html is not None
        else "<p>It has no page."
    )
    return (
        f'<p><a href="/">All mails</a> · <a href="{place}/source">Source</a>'
        f"<pre>{escape(headers)}</pre>"
        f"<h2>Text</h2><pre>{escape(mail.text)}</pre><h2>Page</h2>{framed}"
    )
