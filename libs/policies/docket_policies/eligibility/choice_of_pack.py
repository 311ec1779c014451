"""Which issuer's terms govern a license: the first row of a table that fits it (C-26)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from docket_policies.eligibility.question import Question, Unanswerable
from docket_policies.terms.editions import all_editions
from docket_policies.terms.loader import service_levels
from docket_policies.terms.pack_format import parse
from docket_policies.terms.table import Table


@dataclass(frozen=True, slots=True)
class License:
    """What is known of a license; `level` is the service level it names, None without one."""

    product: str
    edition: str
    level: str | None
    direct: bool
    certificate: bool


@dataclass(frozen=True, slots=True)
class PackRule:
    """Licenses of these products are under this pack, as far as the conditions hold.

    `editions` are the ones concerned, of each product; a product without any is concerned as a
    whole. `unless` are editions that need a direct license without a certificate. `names_level` and
    `on_certificate` ask for one; `level` is what counts where a certificate names none.
    """

    pack: str | None
    products: Mapping[str, tuple[str, ...]]
    clauses: tuple[str, ...]
    says: str
    unless: frozenset[str]
    names_level: bool
    on_certificate: bool
    level: str | None

    def fits(self, license_: License) -> bool:
        """Return whether the row is about the license."""
        edition = plain(license_.edition)
        if self.products:
            editions = self.products.get(license_.product)
            told = edition or not self.names_level  # a level shows that it is one of the editions
            if editions is None or (editions and told and edition not in editions):
                return False
        if edition in self.unless and (license_.certificate or not license_.direct):
            return False
        if self.names_level and license_.level is None:
            return False
        return license_.certificate or not self.on_certificate


@dataclass(frozen=True, slots=True)
class Choice:
    """The pack that governs a license, None where none does; `level` is assumed (C-26)."""

    pack: str | None
    clauses: tuple[str, ...]
    level: str | None = None


def choice(license_: License) -> Choice:
    """Return which pack governs a license. Source: R-0.2, I-1.2, I-1.5."""
    for row in rows():
        if row.fits(license_):
            level = row.level if license_.level is None else None
            return Choice(row.pack, row.clauses, level)
    raise AssertionError("the last row fits every license")


@lru_cache(maxsize=1024)  # product and edition are the caller's words
def product_and_edition(product: str, edition: str | None) -> tuple[str, str]:
    """Return product and edition of a license whose product may name its edition too.

    An edition that is told apart counts in the place of that one.
    """
    for row in rows():
        for known in row.products:
            if product.startswith(f"{known} "):
                return known, edition or product.removeprefix(f"{known} ").strip()
    return product, edition or ""


def of_its_product(question: Question) -> Question:
    """Return the question with a product that names its edition too told as the two (C-26)."""
    if not question.says("product"):
        return question
    told = question.text("edition") if question.says("edition") else None
    product, edition = product_and_edition(question.text("product"), told)
    return question.but(product=product, edition=edition or None)


def pack(question: Question) -> Mapping[str, Any]:
    """Answer which pack governs a license: product, edition, level, direct, certificate.

    `pack` is null where no terms apply. Source: R-0.2, I-1.2, I-1.5.
    """
    product, edition = product_and_edition(
        question.text("product"), question.text("edition") if question.says("edition") else None
    )
    license_ = License(
        product=product,
        edition=edition,
        level=question.text("level") if question.says("level") else None,
        direct=question.flag("direct"),
        certificate=question.flag("certificate"),
    )
    if license_.level not in (None, *service_levels()):
        raise Unanswerable("field_wrong", f"level: give {', '.join(service_levels())} or null")
    chosen = choice(license_)
    answer: dict[str, Any] = {"pack": chosen.pack, "clauses": list(chosen.clauses)}
    if chosen.level is not None:
        answer |= {"level": chosen.level, "level_assumed": True}
    return answer


@cache
def rows() -> tuple[PackRule, ...]:
    """Return the rows of the table in order."""
    entry = files("docket_policies.eligibility") / "choice_of_pack.toml"
    return read_rows(parse(entry.read_text(encoding="utf-8"), "eligibility/choice_of_pack.toml"))


def read_rows(table: Table) -> tuple[PackRule, ...]:
    """Return the rows of a table of packs, in their order; raise BadPack."""
    found = tuple(_row(row) for row in table.rows("rows"))
    table.done()
    return found


def _row(table: Table) -> PackRule:
    letter = table.value("pack", str)
    known = sorted({edition.letter for edition in all_editions()})
    if letter and letter not in known:
        raise table.bad("pack", f"no pack {letter!r}: write one of {', '.join(known)}, or nothing")
    products = table.maybe("products")
    row = PackRule(
        pack=letter or None,
        products={p: tuple(map(plain, products.names(p))) for p in products} if products else {},
        clauses=table.names("clauses"),
        says=table.value("says", str),
        unless=frozenset(map(plain, table.names("unless"))),
        names_level=table.value("names_level", bool, False),
        on_certificate=table.value("on_certificate", bool, False),
        level=table.value("level", str, "") or None,
    )
    if not row.clauses:
        raise table.bad("clauses", "name the clauses the row rests on")
    table.done()
    return row


def plain(edition: str) -> str:
    """Return an edition's name without spaces: the terms write some both ways (C-26)."""
    return edition.replace(" ", "")
