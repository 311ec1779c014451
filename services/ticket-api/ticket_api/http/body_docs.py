"""How the API documentation describes the JSON body of a request."""

from typing import Any

from pydantic import BaseModel


def json_request(body: type[BaseModel], example: dict[str, Any]) -> dict[str, Any]:
    """Return the OpenAPI description of a request with such a body.

    The body may stay away where none of its fields is required.
    """
    content = {"schema": {"$ref": f"#/components/schemas/{body.__name__}"}, "example": example}
    return {
        "required": any(field.is_required() for field in body.model_fields.values()),
        "content": {"application/json": content},
    }
