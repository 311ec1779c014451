"""What was asked, for the access event: path and names of parameters, no text that was typed.

An access event is kept and cannot be erased, so a value stands in it only where nobody could have
typed a text: numbers, instants and ids, and words of a closed list, of what was answered.
"""

import re
from urllib.parse import parse_qsl

from starlette.types import Scope

from ticket_api.http.shown_path import is_id, shown_method, shown_path

LONGEST = 500
MOST_PARAMETERS = 20

_PLAIN = re.compile(
    r"true|false|-?\d{1,10}"
    r"|\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d))?"
)
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
    asked = f"{shown_method(scope)} {shown_path(scope, answered=answered)}"
    return (f"{asked}?{'&'.join(told)}" if told else asked)[:LONGEST]


def _parameter(name: str, value: str, answered: bool) -> str:
    plain = is_id(value) or _PLAIN.fullmatch(value) or (name in _WORDS and len(value) <= 64)
    return f"{name}={value}" if answered and plain else name


def _is_known(name: str, scope: Scope) -> bool:
    """Return whether the route has a parameter of this name, and the caller did not make it up."""
    dependant = getattr(scope.get("route"), "dependant", None)
    if dependant is None:
        return _NAME.fullmatch(name) is not None
    return name in {each.alias for each in dependant.query_params}
