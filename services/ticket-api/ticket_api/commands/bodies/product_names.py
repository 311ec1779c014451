"""The names of products and their editions in bodies: those that the terms have, and no others."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from docket_policies.eligibility.product_names import (
    edition_form,
    names_edition_in_form,
    product_form,
)
from ticket_api.http.fields import FOR_EVER, Name


def _with_known_edition(product: str) -> str:
    if not names_edition_in_form(product):
        raise ValueError("name the product, and after it at most an edition that the terms name")
    return product


Product = Annotated[
    Name,
    AfterValidator(_with_known_edition),
    Field(description=f"one that terms serve, as the ask `pack` knows them; {FOR_EVER}"),
]
"""A product of a new ticket: one that no terms know is refused by the rules, with their clause."""

LicensedProduct = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=f"^{product_form()}$"),
    Field(description=FOR_EVER),
]
Edition = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=f"^{edition_form()}$"),
    Field(description=f"one that the terms name; {FOR_EVER}"),
]
