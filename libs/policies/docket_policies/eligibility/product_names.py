"""The products, editions and plans that terms name: a license or a ticket names no other ones."""

import re
from functools import cache

from docket_policies.eligibility.choice_of_pack import rows
from docket_policies.eligibility.support_hours import known_plans
from docket_policies.eligibility.systems import edition_names
from docket_policies.terms.editions import all_editions


@cache
def product_form() -> str:
    """Return the regular expression of a product that terms name, or of one with its edition."""
    products = {product for row in rows() for product in row.products}
    return rf"(?:{_any_of(products)})(?: {edition_form()})?"


@cache
def edition_form() -> str:
    """Return the regular expression of an edition that terms name; some are written two ways."""
    of_rows = {
        name for row in rows() for names in (*row.products.values(), row.unless) for name in names
    }
    named = {name for edition in all_editions() for name in edition_names(edition)}
    return rf"(?:{_any_of(of_rows | named)})"


@cache
def plan_names() -> frozenset[str]:
    """Return the support plans of all terms, in small letters."""
    return frozenset(plan for edition in all_editions() for plan in known_plans(edition))


def names_edition_in_form(product: str) -> bool:
    """Return whether what follows the name of a known product is an edition that terms name."""
    products = {known for row in rows() for known in row.products}
    begins = any(product.startswith(f"{known} ") for known in products)
    return not begins or re.fullmatch(product_form(), product) is not None


def _any_of(names: set[str]) -> str:
    """Return a form of names, which are letters, digits, spaces, dashes and `&`."""
    return "|".join(name.replace("&", " ?& ?") for name in sorted(names))
