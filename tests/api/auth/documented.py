"""The operations of the API as the OpenAPI document has them."""

from dataclasses import dataclass
from typing import Any

import msgspec
from document import DOCUMENT

QUERIES = {"from": "1", "field": "status"}


@dataclass(frozen=True)
class Operation:
    """What the document says of one operation."""

    id: str
    method: str
    path: str
    told: dict[str, Any]

    @property
    def about(self) -> str | None:
        """Return what it is about, if that belongs to an account."""
        return next((n for n in ("ticket_id", "account_id") if f"{{{n}}}" in self.path), None)

    @property
    def query(self) -> dict[str, str]:
        said = self.told.get("parameters", ())
        needed = [p["name"] for p in said if p.get("in") == "query" and p.get("required")]
        return {name: QUERIES[name] for name in needed}

    @property
    def body(self) -> tuple[str, bytes]:
        contents = self.told.get("requestBody", {}).get("content", {})
        for media_type, said in contents.items():
            if media_type == "application/json":
                return media_type, msgspec.json.encode(said.get("example", {}))
            return media_type, b"x"
        return "application/json", b""


def operations() -> list[Operation]:
    return [
        Operation(told["operationId"], method.upper(), path, told)
        for path, item in DOCUMENT["paths"].items()
        for method, told in item.items()
    ]


OPERATIONS = operations()
