"""A canary for every string in which somebody could type words, and where it is left afterwards."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any

from timed_api import TimedApi

from docket_runtime.bus.relay import to_message
from docket_runtime.store.tail import read_stored
from traces import tables_seen_with

WORD = "Canary4711"
CANARY = f"{WORD} Example (+357 99 000000)"
BY_FORM = {
    "account_id",
    "agreement",
    "approver",
    "clause",
    "contact",
    "criteria",
    "edition",
    "email",
    "grounds",
    "kind",
    "license",
    "media_type",
    "on_behalf_of",
    "person",
    "plan",
    "plan_reference",
    "product_version",
    "reason of a list",
    "request",
    "requester_id",
    "sha256",
    "to",
    "version",
    "wait",
}
"""The fields whose form has no room for words; `product` is refused by the terms besides."""
LISTED = {"close", "reject", "excuse-breach"}
"""The verbs whose reason is one of the terms' list."""
WITH_DEFAULT = {"name": "a.log", "media_type": "text/plain", "size": 1, "sha256": "0" * 64}

Path = tuple[str | int, ...]


def strings(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Path]:
    """Yield the place of each string in which somebody could type words."""
    if "$ref" in schema:
        schema = whole[schema["$ref"].rpartition("/")[2]]
    of_a_whole_body = "properties" in schema  # says what must be named
    for each in () if of_a_whole_body else schema.get("anyOf", ()):
        yield from strings(each, whole)
    if schema.get("type") == "string" and not schema.keys() & {"enum", "format", "const"}:
        yield ()
    for name, part in schema.get("properties", {}).items():
        yield from ((name, *path) for path in strings(part, whole))
    if "items" in schema:
        yield from ((0, *path) for path in strings(schema["items"], whole))


def of_body(body: type[Any]) -> list[Path]:
    schema = body.model_json_schema()
    return list(dict.fromkeys(strings(schema, schema.get("$defs", {}))))


def with_canary(body: Mapping[str, Any], path: Path) -> dict[str, Any]:
    """Return a body that says the canary at a place, which it makes room for."""
    said = deepcopy(dict(body))
    inside: Any = said
    for step, following in zip(path, (*path[1:], None), strict=True):
        if following is None:
            if isinstance(step, int):
                inside[:] = [CANARY]
            else:
                inside[step] = CANARY
            return said
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(step, int):
            if not inside:
                inside.append(dict(WITH_DEFAULT) if "attachments" in path else empty)
            inside = inside[0]
        else:
            if not inside.get(step):
                inside[step] = {"email": "ann@acme.example"} if step == "contact" else empty
            elif isinstance(inside[step], tuple):
                inside[step] = list(inside[step])
            inside = inside[step]
    raise AssertionError("a path has a step")


def form_of(verb: str, path: Path) -> str:
    name = next(step for step in reversed(path) if isinstance(step, str))
    return "reason of a list" if name == "reason" and verb in LISTED else name


def found_in(api: TimedApi) -> dict[str, int]:
    """Return by table how many rows hold the canary, as text or as bytes."""
    return api._runner.run(tables_seen_with(api.log, WORD))


def on_the_bus(api: TimedApi) -> list[str]:
    """Return the types of the messages about what is in the log that hold the canary."""
    events = api._runner.run(read_stored(api.log, 0, 0, 100_000))
    messages = ((each.type, to_message(0, each)) for each in events)
    return [type_ for type_, each in messages if WORD in f"{each.body!r} {each.headers}"]
