"""What was asked, for the access event: path and names of parameters, no text that was typed.

An access event is kept and cannot be erased, so a value stands in it only where nobody could have
typed a text: numbers, instants and ids, and words of a closed list, of what was answered.
"""

import re
from urllib.parse import parse_qsl

from starlette.types import Scope

LONGEST = 500
MOST_PARAMETERS = 20

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PLAIN = re.compile(
    rf"{_ID.pattern}|true|false|-?\d{{1,10}}"
    r"|\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d))?"
)
_WORD = re.compile(r"[\w.-]{1,40}")
_NAME = re.compile(r"[a-z_]{1,20}")
_WORDS = frozenset({"format", "sort"})
"""The parameters whose value is of a closed list where the question was answered."""


def what_was_asked(scope: Scope, *, answered: bool) -> str:
    """Return method, path and parameters of a request, without what was typed."""
    query = scope.get("query_string", b"").decode("ascii", "replace")
    pairs = parse_qsl(query, keep_blank_values=True)[:MOST_PARAMETERS]
    told = [_parameter(name, value, answered) for name, value in pairs if _is_known(name, scope)]
    if len(told) < len(pairs):
        told.append("...")
    asked = f"{scope['method']} {_path(scope, answered)}"
    return (f"{asked}?{'&'.join(told)}" if told else asked)[:LONGEST]


def _parameter(name: str, value: str, answered: bool) -> str:
    plain = _PLAIN.fullmatch(value) or (name in _WORDS and len(value) <= 64)
    return f"{name}={value}" if answered and plain else name


def _path(scope: Scope, answered: bool) -> str:
    """Return the path; what was typed into it stands there only where it was found."""
    path: str = scope["path"]
    for name, value in scope.get("path_params", {}).items():
        if not (_ID.fullmatch(str(value)) or (answered and _WORD.fullmatch(str(value)))):
            path = path.replace(str(value), f"{{{name}}}")
    return path


def _is_known(name: str, scope: Scope) -> bool:
    """Return whether the route has a parameter of this name, and the caller did not make it up."""
    dependant = getattr(scope.get("route"), "dependant", None)
    if dependant is None:
        return _NAME.fullmatch(name) is not None
    return name in {each.alias for each in dependant.query_params}
