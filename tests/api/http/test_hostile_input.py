"""Whatever a request brings, it is answered with a problem document that says what is wrong.

The tables are tried on every operation that the OpenAPI document has, so a new route is held to
them too.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from document import DOCUMENT

from ticket_api.http.limits import MAX_BODY, MAX_HEADERS, MAX_URL, MOST_HEADERS
from ticket_api.http.strict_json import MAX_DEPTH

NOBODY = "01990000-0000-7000-8000-000000000000"
METHODS = ("get", "post", "put", "patch", "delete")
TOLD = {"type", "title", "status", "code", "detail", "trace_id"}

BODIES = {
    "no JSON": b"{",
    "no object": b"[]",
    "a text": b'"x"',
    "an unknown field": b'{"surely-unknown": 1}',
    "a key twice": b'{"surely-unknown": 1, "surely-unknown": 2}',
    "NUL": b'{"surely-unknown": "\\u0000"}',
    "a NUL of its own": b'{"x": "\x00"}',
    "half a surrogate pair": b'{"x": "\\ud800"}',
    "a surrogate in UTF-8": b'{"x": "\xed\xa0\x80"}',
    "no UTF-8": b'{"x": "\xff"}',
    "UTF-16": '{"x": 1}'.encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf{}",
    "an endless number": b'{"x": 1e999}',
    "a long number": b'{"x": 1' + b"0" * 400 + b"}",
    "a very long number": b'{"x": 1' + b"0" * 40_000 + b"}",
    "no number": b'{"x": NaN}',
    "deep": b'{"x": ' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH + b"}",
    "very deep": b'{"x": ' + b"[" * 60_000 + b"]" * 60_000 + b"}",
    "a second document": b"{} {}",
}
QUERIES = ("surely-unknown=1", "limit=1&limit=2", "x=%00", "x=%ff", "x=%ed%a0%80")
VALUES = ("x" * 3000, "9" * 400, "\ufffd" * 500, "-1" * 200)
PLACES = ("%00", "%ff", "%ed%a0%80", "..%2f..", "x" * 3000)
HEADERS: tuple[Mapping[str, str | bytes], ...] = (
    {"Idempotency-Key": ""},
    {"Idempotency-Key": "x" * 256},
    {"Idempotency-Key": b"\xff\xfe"},
    {"If-Match": "\x7f"},
    {"If-Match": "9" * 400},
    {"If-None-Match": "x" * 10_000},
    {"Last-Event-ID": "9" * 400},
)


@dataclass(frozen=True)
class Operation:
    """An operation of the document; `path` has ids that nothing has."""

    template: str
    method: str
    says: Mapping[str, Any]

    @property
    def path(self) -> str:
        path = self.template
        for parameter in self.says.get("parameters", ()):
            path = path.replace(f"{{{parameter['name']}}}", NOBODY)
        return path

    @property
    def takes_json(self) -> bool:
        return "application/json" in self.says.get("requestBody", {}).get("content", {})

    def parameters(self, place: str) -> list[str]:
        return [p["name"] for p in self.says.get("parameters", ()) if p["in"] == place]


OPERATIONS = [
    Operation(template, method, says)
    for template, item in DOCUMENT["paths"].items()
    for method, says in item.items()
    if method in METHODS
]


class Stranger:
    """Sends what nobody should and checks that the answer is a problem of the sender."""

    def __init__(self, caller: Any) -> None:
        self._http = caller.http
        self._auth = {"Authorization": f"Bearer {caller.token}", "Content-Type": "application/json"}

    async def sends(
        self,
        operation: Operation,
        *,
        path: str | None = None,
        query: str = "",
        headers: Mapping[str, Any] = {},
        **more: Any,
    ) -> httpx.Response:
        url = (path or operation.path) + (f"?{query}" if query else "")
        said = {"content": b"{}"} if operation.takes_json else {}
        answer = await self._http.request(
            more.pop("method", operation.method),
            url,
            headers={**self._auth, **headers},
            **{**said, **more},
        )
        what = f"{operation.method} {operation.template} {query[:50]} {more!r:.100}"
        assert 400 <= answer.status_code < 500, f"{what}: {answer.status_code} {answer.text}"
        if operation.method != "head":
            assert answer.headers["content-type"] == "application/problem+json", what
            assert answer.json().keys() >= TOLD, what
        return answer


async def test_no_body_is_taken_that_is_not_a_document_of_the_operation(max_):
    for operation in OPERATIONS:
        for body in BODIES.values() if operation.takes_json else ():
            await Stranger(max_).sends(operation, content=body)


async def test_a_body_has_a_media_type_and_a_size(max_):
    for operation in OPERATIONS:
        if not operation.takes_json:
            continue
        text = {"Content-Type": "text/plain"}
        plain = await Stranger(max_).sends(operation, headers=text)
        large = await Stranger(max_).sends(operation, content=b'"' + b"x" * MAX_BODY + b'"')

        assert plain.status_code in (403, 404, 415), operation
        assert large.status_code in (403, 404, 413), operation


async def test_no_query_is_taken_that_the_operation_does_not_document(max_):
    for operation in OPERATIONS:
        for query in QUERIES:
            await Stranger(max_).sends(operation, query=query)


async def test_every_parameter_of_a_query_is_bounded(max_):
    for operation in OPERATIONS:
        for name in operation.parameters("query"):
            for value in VALUES:
                query = str(httpx.QueryParams({name: value}))
                await Stranger(max_).sends(operation, query=query)


async def test_headers_and_url_are_bounded(max_):
    for operation in OPERATIONS:
        for headers in (
            {"X-Much": "x" * MAX_HEADERS},
            {f"X-{number}": "x" for number in range(MOST_HEADERS)},
        ):
            answer = await Stranger(max_).sends(operation, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (431, "headers_too_large")

        answer = await Stranger(max_).sends(operation, query="x=" + "x" * MAX_URL)
        assert (answer.status_code, answer.json()["code"]) == (414, "url_too_long")


async def test_a_method_that_a_path_has_not_is_405_and_says_which_it_has(max_):
    for operation in OPERATIONS:
        has = {m.upper() for m in DOCUMENT["paths"][operation.template] if m in METHODS}
        for other in ("PROPFIND", "TRACE"):
            answer = await Stranger(max_).sends(operation, method=other)

            assert answer.status_code == 405, operation
            assert has <= set(answer.headers["allow"].split(", ")), operation


async def test_a_path_with_a_slash_behind_it_is_another_path(max_):
    for operation in OPERATIONS:
        answer = await Stranger(max_).sends(operation, path=operation.path + "/")

        assert answer.status_code in (404, 405), operation


async def test_a_strange_place_is_not_found_or_malformed(max_):
    for operation in OPERATIONS:
        for place in PLACES if operation.parameters("path") else ():
            await Stranger(max_).sends(operation, path=operation.path.replace(NOBODY, place))


async def test_a_strange_header_on_a_ticket_that_is_not_there_breaks_nothing(max_):
    for operation in OPERATIONS:
        for headers in HEADERS if "ticket_id" in operation.parameters("path") else ():
            await Stranger(max_).sends(operation, headers=headers)


async def test_of_what_was_refused_a_part_is_shown(ann):
    much = json.dumps({f"unknown-{'x' * 500}-{number}": 1 for number in range(100)}).encode()

    answer = await ann.post("/v1/tickets", much)

    assert answer.status_code == 422
    assert len(answer.content) < 10_000
