"""What lies beside the log for a ticket: sent once, erased by those who may (I-3.9.1-b, C-40)."""

from dataclasses import replace
from uuid import UUID

import pytest

from docket_events.combining import OpenRequest, TicketsMerged
from docket_events.desk import InternalNoteAdded
from docket_events.erasure import AttachmentErased, ContentErased
from docket_events.recorded import Actor, Fact
from docket_events.ticket import (
    ContentRef,
    InformationProvided,
    InformationRequested,
    ResponseSent,
    TicketRevoked,
    UserCommented,
)
from docket_lifecycle.commands import Comment, Erase, ProvideInformation, Reply, Respond
from docket_lifecycle.state.content_refs import Content
from people import (
    ANN,
    CREATED,
    INFRASTRUCTURE,
    OLGA,
    PIA,
    REGULATIONS,
    TUESDAY,
    UNDER_I,
    june,
    text,
)
from sentences import given

SYSTEM = Actor("system", "system")
LOG, DUMP = text("the log"), text("the dump")
WORDS = text("it happened again")


def by(actor: Actor, event: InternalNoteAdded | ResponseSent | UserCommented) -> Fact:
    return Fact(event, june(8, 12), actor)


SAID = by(ANN, UserCommented(WORDS, (LOG, DUMP)))
ANSWERED = by(OLGA, ResponseSent(text("we looked"), attachments=(text("a patch"),)))


def ids(*references: ContentRef) -> tuple[UUID, ...]:
    return tuple(reference.id for reference in references)


@pytest.mark.parametrize(
    ("begin", "clause"), [(CREATED, "C-40"), (UNDER_I, "I-3.9.1-b")], ids=["R", "I"]
)
def test_C_40_what_is_named_is_erased_texts_and_files_apart(begin, clause) -> None:
    asked = Erase("person_asked", ids(WORDS, DUMP))
    story = given(begin, SAID, ANSWERED).when(asked, at=TUESDAY, by=PIA)
    after = story.then(
        ContentErased(ids(WORDS), "person_asked", clause),
        AttachmentErased(ids(DUMP), "person_asked", clause),
    )
    assert {each for each, content in after.ticket.contents().items() if content.erased} == set(
        ids(WORDS, DUMP)
    )
    after.when(asked, at=TUESDAY, by=PIA).then_already_so()


def test_C_40_all_that_a_person_brought_is_erased_and_nobody_elses() -> None:
    given(CREATED, SAID, ANSWERED).when(
        Erase("person_asked", person="ann", clause="GDPR-17"), at=TUESDAY, by=SYSTEM
    ).then(
        ContentErased(ids(WORDS), "person_asked", "GDPR-17"),
        AttachmentErased(ids(LOG, DUMP), "person_asked", "GDPR-17"),
    )


def test_C_40_the_words_of_a_new_ticket_are_its_requesters_whoever_typed_them() -> None:
    contact, what = text("an address"), text("nothing works")
    by_phone = Fact(replace(CREATED, contact=contact, description=what), june(8), OLGA)
    given(by_phone).when(Erase("person_asked", person="ann"), at=TUESDAY, by=PIA).then(
        ContentErased(ids(what, contact), "person_asked", "C-40")
    )


def test_an_unknown_content_or_person_is_refused_and_nothing_is_erased() -> None:
    told = given(CREATED, SAID)
    told.when(Erase("unlawful", ids(WORDS, text("?"))), at=TUESDAY, by=PIA).then_refused(
        "unknown_content", "C-40"
    )
    told.when(Erase("unlawful", person="eve"), at=TUESDAY, by=PIA).then_refused(
        "unknown_person", "C-40"
    )


@pytest.mark.parametrize("actor", [ANN, OLGA], ids=lambda actor: actor.kind)
def test_neither_side_erases(actor: Actor) -> None:
    given(CREATED, SAID).when(Erase("person_asked", ids(WORDS)), at=TUESDAY, by=actor).then_refused(
        "actor_not_entitled", "C-40"
    )


def test_a_person_may_ask_after_the_end_too() -> None:
    given(CREATED, SAID, TicketRevoked("ann")).when(
        Erase("person_asked", ids(LOG)), at=TUESDAY, by=PIA
    ).then(AttachmentErased(ids(LOG), "person_asked", "C-40"))


@pytest.mark.parametrize(
    ("command", "actor"),
    [
        (Respond(text("see the file"), attachments=(LOG,)), OLGA),
        (Reply(text("see the file"), attachments=(LOG,)), ANN),
        (Comment(text("see the file"), attachments=(LOG,)), ANN),
        (ProvideInformation("q1", attachments=(DUMP, LOG)), ANN),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_file_belongs_to_one_message(command, actor) -> None:
    sent = Fact(UserCommented(WORDS, (LOG,)), june(8, 11), ANN)
    told = given(CREATED, sent, InformationRequested("q1"))
    clause = told.terms.capabilities["provide-information"].clause
    refused = told.when(command, at=TUESDAY, by=actor)
    clause = clause if isinstance(command, ProvideInformation) else "R-1.14"
    refused.then_refused("attachment_already_sent", clause)


def test_R_1_14_an_answer_tells_which_files_it_announced() -> None:
    told = given(CREATED, InformationRequested("q1")).when(
        ProvideInformation("q1", upload_pending=True, attachments=(LOG, DUMP)), at=TUESDAY, by=ANN
    )
    after = told.then(InformationProvided("q1", True, attachments=(LOG, DUMP)))
    assert after.ticket.requests["q1"].attachments == ids(LOG, DUMP)


def test_what_a_combined_ticket_takes_over_is_known_there() -> None:
    merged = TicketsMerged(
        (june(8), june(7)),
        "Low",
        open_requests=("q1", OpenRequest("D-1043-q1", june(8), items=text("the journal"))),
    )
    assert dict(given(CREATED, merged).ticket.contents()) == {text("the journal").id: Content(None)}


def test_both_packs_leave_erasing_to_the_privacy_officer_and_the_system() -> None:
    for terms in (REGULATIONS, INFRASTRUCTURE):
        assert terms.capabilities["erase"].actors == ("privacy_officer", "system")
