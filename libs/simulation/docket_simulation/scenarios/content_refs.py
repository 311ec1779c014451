"""Texts of a question as references: a simulation has no content store, and rules need none."""

from dataclasses import fields
from functools import cache
from hashlib import sha256
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID, uuid5

from docket_events.ticket import ContentRef

_TEXTS = UUID("5a6f2a0e-8a53-5d0e-9d6e-6b1d0a4f1c11")


def content_of(text: str) -> ContentRef:
    """Return the reference for a text; the same text always has the same one."""
    return ContentRef(uuid5(_TEXTS, text), sha256(text.encode()).hexdigest())


def with_references(kind: Any, data: dict[str, Any]) -> dict[str, Any]:
    """Return the data of an event or command with texts replaced where it holds references."""
    return {
        name: content_of(value) if isinstance(value, str) and name in references(kind) else value
        for name, value in data.items()
    }


def references(kind: Any) -> frozenset[str]:
    """Return the names of the fields of an event or command that are references to content."""
    return _references(kind)


@cache
def _references(kind: Any) -> frozenset[str]:
    hints = get_type_hints(kind)
    return frozenset(f.name for f in fields(kind) if ContentRef in _alternatives(hints[f.name]))


def _alternatives(hint: Any) -> tuple[Any, ...]:
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
