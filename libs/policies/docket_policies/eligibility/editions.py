"""The edition that a question is about, and what it says about a thing; else Unanswerable."""

from docket_policies.eligibility.question import Question, Unanswerable
from docket_policies.terms import editions
from docket_policies.terms.editions import Edition, UnknownPack, UnknownRevision
from docket_policies.terms.table import Table


def editions_of(pack: str) -> tuple[Edition, ...]:
    """Return the editions of a pack, named by its id or its letter, oldest first.

    Raises Unanswerable.
    """
    try:
        return editions.editions_of(pack)
    except UnknownPack as unknown:
        raise Unanswerable("unknown_pack", str(unknown)) from None


def edition_of(question: Question) -> Edition:
    """Return the edition a question is about: `revision` when named, else the one in force then.

    Raises Unanswerable.
    """
    of_pack = editions_of(question.text("pack"))
    if question.says("revision"):
        try:
            return editions.edition_named(question.text("pack"), question.text("revision"))
        except UnknownRevision as unknown:
            raise Unanswerable("unknown_revision", str(unknown)) from None
    for key in ("ticket_date", "created_at", "at"):
        if question.says(key):
            at = question.instant(key)
            past = [edition for edition in of_pack if edition.effective_from <= at]
            return (past or list(of_pack[:1]))[-1]
    return of_pack[-1]


def needed(edition: Edition, thing: str) -> Table:
    """Return what an edition says about a thing; raise Unanswerable when it says nothing."""
    table = editions.data_of(edition, thing)
    if table is None:
        raise Unanswerable("not_in_pack", f"{edition.pack} says nothing about {thing}")
    return table
