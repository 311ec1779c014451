"""JSON as callers write it, read strictly (RFC 8259, I-JSON).

What two parsers could read differently, or what cannot be stored as text, is refused.
"""

import json
from math import isfinite
from typing import Any, NoReturn

from ticket_api.http.problems import malformed

MAX_DEPTH = 32
MAX_WHOLE = 2**63 - 1


def read_json(raw: bytes) -> Any:
    """Read a JSON text; raise Problem 422.

    Refused beside what is no JSON: a byte order mark, a key twice in an object, half a surrogate
    pair, a number beyond 64 bits or a double, more than MAX_DEPTH levels.
    """
    try:
        value = _strictly.decode(raw.decode())
        if b"\\u" in raw:  # the one way by which half a surrogate pair gets in
            json.dumps(value, ensure_ascii=False).encode()
        if _depth(value) > MAX_DEPTH:
            raise ValueError(f"deeper than {MAX_DEPTH} levels")
    except (ValueError, RecursionError) as wrong:
        why = getattr(wrong, "reason", None) or str(wrong)
        error = {"type": "json_invalid", "loc": (), "msg": f"Invalid JSON: {why}"}
        raise malformed("the body", [error]) from None
    return value


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a key comes twice in an object")
    return value


def _whole(digits: str) -> int:
    if len(digits) > len(str(-MAX_WHOLE)) or abs(int(digits)) > MAX_WHOLE:
        raise ValueError("a number is out of range")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not isfinite(number):
        raise ValueError("a number is out of range")
    return number


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


_strictly = json.JSONDecoder(
    object_pairs_hook=_each_once,
    parse_int=_whole,
    parse_float=_finite,
    parse_constant=_no_constant,
)


def _depth(value: Any) -> int:
    match value:
        case dict():
            return 1 + max(map(_depth, value.values()), default=0)
        case list():
            return 1 + max(map(_depth, value), default=0)
        case _:
            return 0
