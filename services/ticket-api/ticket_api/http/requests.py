"""Reading a request: headers, query, path and body, each error naming its field."""

from collections.abc import Mapping
from typing import Any, TypeVar, get_args, get_origin
from uuid import UUID

from fastapi import params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from pydantic import BaseModel, ValidationError
from starlette.requests import Request as HttpRequest

from ticket_api.http.problems import Problem, malformed, not_found
from ticket_api.http.strict_json import read_json

MAX_VALUES = 100

Model = TypeVar("Model", bound=BaseModel)


def ticket_id_of(http: HttpRequest) -> UUID:
    """Return the ticket id of the path; raise Problem 404 for what is no id."""
    try:
        return UUID(http.path_params["ticket_id"])
    except ValueError:
        raise not_found() from None


async def json_body(http: HttpRequest) -> bytes:
    """Return the bytes of a JSON body; raise Problem 415 for another media type."""
    media_type = http.headers.get("content-type", "application/json").partition(";")[0].strip()
    if media_type.lower() != "application/json":
        raise Problem(415, "not_json", "send application/json")
    return await http.body()


def read_body(model: type[Model], raw: bytes) -> Model:
    """Read a JSON body; raise Problem 422 with a JSON Pointer for every error."""
    text = raw or b"{}"
    read_json(text)
    try:
        return model.model_validate_json(text, strict=True)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False, include_context=False, include_input=False)
        raise malformed("the body", errors) from None


async def known_query(http: HttpRequest) -> None:
    """Refuse a query that the route does not document; raise Problem 422."""
    route = http.scope.get("route")
    if isinstance(route, APIRoute):
        refuse_query(http, _documented(route))


def refuse_query(http: HttpRequest, known: Mapping[str, bool]) -> None:
    """Raise Problem 422 for a parameter that is not known, or that comes too often.

    `known` says of each name whether it may come more than once.
    """
    if not http.scope["query_string"]:
        return
    names = [name for name, _ in http.query_params.multi_items()]
    errors = [
        {"type": "extra_forbidden", "loc": ("query", name), "msg": "There is no such parameter"}
        for name in dict.fromkeys(names)
        if name not in known
    ]
    errors += [
        {"type": "repeated", "loc": ("query", name), "msg": "The parameter comes once"}
        for name, several in known.items()
        if names.count(name) > (MAX_VALUES if several else 1)
    ]
    if errors:
        raise malformed("the request", errors)


def _documented(route: APIRoute) -> Mapping[str, bool]:
    return {
        field.alias: _holds_several(field.field_info.annotation)
        for field in get_flat_params(route.dependant)
        if isinstance(field.field_info, params.Query)
    }


def _holds_several(annotation: Any) -> bool:
    return get_origin(annotation) in (list, tuple) or any(
        _holds_several(part) for part in get_args(annotation)
    )
