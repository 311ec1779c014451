"""Making a page: a template, its values, and headers that forbid content from elsewhere."""

from datetime import datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from docket_events.instants import whole_seconds, wire
from docket_simulation.explanation import hours

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def page(template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """Return a page."""
    return HTMLResponse(_templates.get_template(template).render(values), status, HEADERS)


def picture(svg: str) -> Markup:
    """Return a picture without escaping it again; its words were escaped when it was drawn."""
    return Markup(svg)  # noqa: S704 - drawn by our own pens, which escape


def _instant(value: datetime | None) -> str:
    return "" if value is None else wire(whole_seconds(value))


def _exact(value: datetime) -> str:
    """Return an instant as it is stored: asked for as it is written, it counts what has it."""
    return wire(value)


def _hours(seconds: int | None) -> str:
    return "" if seconds is None else hours(seconds)


def _shown(value: Any) -> str:
    """Return a value for people: instants in UTC, nothing as a dash."""
    if isinstance(value, datetime):
        return _instant(value)
    return "–" if value is None or value == "" else str(value)


_templates = Environment(
    loader=PackageLoader("ticket_api.console"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters.update(instant=_instant, exact=_exact, hours=_hours, shown=_shown)
