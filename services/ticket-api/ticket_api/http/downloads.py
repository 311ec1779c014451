"""Names of what is downloaded (RFC 6266, RFC 8187)."""

from urllib.parse import quote

from docket_events.characters import plain_name


def attachment(name: str) -> str:
    """Return the Content-Disposition of something to keep, never to show as a page.

    `filename*` has the name without what would change its direction or end its line, `filename`
    what is left of it in ASCII for clients that know nothing else.
    """
    told = plain_name(name)
    plain = "".join(c if " " <= c <= "~" and c not in '"\\%' else "_" for c in told)
    return f"attachment; filename*=UTF-8''{quote(told, safe='')}; filename=\"{plain}\""
