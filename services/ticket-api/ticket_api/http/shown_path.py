"""Which part of a path may be written down: what the routes say, and ids; never what was typed."""

import re

from starlette.types import Scope

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WORD = re.compile(r"[\w.-]{1,40}")


def is_id(text: str) -> bool:
    """Return whether a text is an id that was made here, in which nobody can have typed words."""
    return _ID.fullmatch(text) is not None


def shown_method(scope: Scope) -> str:
    """Return the method, `{method}` where it is none that there is."""
    method: str = scope["method"]
    return method if method in METHODS else "{method}"


def shown_path(scope: Scope, *, answered: bool) -> str:
    """Return the path as it may be kept; a parameter of it by name, unless it is an id.

    One that is a word is shown too where the request was `answered`: then there is such a thing. A
    path that no route has is `{path}`.
    """
    if "endpoint" not in scope:
        return "{path}"
    path: str = scope["path"]
    for name, value in scope.get("path_params", {}).items():
        typed = str(value)
        if typed and not (is_id(typed) or (answered and _WORD.fullmatch(typed))):
            before, found, after = path.rpartition(f"/{typed}")
            path = f"{before}/{{{name}}}{after}" if found else "{path}"
    return path
