"""Answers and events made comparable: every text the same, no cause with its version."""

from datetime import datetime
from typing import Any

import msgspec

from docket_events.codec import decode, encode, schema_version_of, to_data, type_of
from docket_events.recorded import Happened


def what_it_says(fact: Happened) -> tuple[str, datetime, object]:
    """Return what an event says when every text is the same text."""
    event = decode(type_of(fact.event), schema_version_of(fact.event), encode(fact.event))
    return type_of(event), fact.occurred_at, blank(plain(to_data(event)))


def plain(value: object) -> Any:
    """Return a value as the JSON of an answer has it."""
    return msgspec.json.decode(msgspec.json.encode(value))


def blank(value: Any) -> Any:
    """Return a value with all references to texts alike."""
    match value:
        case {"id": _, "digest": _}:
            return "a text"
        case dict():
            return {key: blank(each) for key, each in value.items()}
        case list() | tuple():
            return [blank(each) for each in value]
        case _:
            return value


def without_versions(value: Any) -> Any:
    """Return a clock whose causes do not say which version they are."""
    match value:
        case {"type": _, "at": _, "version": _, **rest}:
            return {"type": value["type"], "at": value["at"], **rest}
        case dict():
            return {key: without_versions(each) for key, each in value.items()}
        case list():
            return [without_versions(each) for each in value]
        case _:
            return value
