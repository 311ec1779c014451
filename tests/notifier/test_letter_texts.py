"""What letters say, in each language and zone, by our templates and by those of an installation."""

import re
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import structlog

import docket_policies
from docket_events.account import LanguageRecorded
from docket_events.notice import DESK_NOTICES, NoticeKind
from docket_events.recorded import Event, Fact
from docket_events.ticket import (
    ClosureDecided,
    ContentRef,
    InformationRejected,
    InformationRequested,
)
from docket_events.told import NOTICE_KINDS
from docket_lifecycle.state.account import Account
from docket_lifecycle.state.fold import fold
from docket_policies.terms.loader import policy_of
from notifier.letter_language import Reader
from notifier.letter_names import NAMES
from notifier.letter_templates import BadLetters, our_templates, templates_of
from notifier.letter_text import Writer
from notifier.owed_notice import OwedNotice
from people import created
from records import TICKET, recorded

PACKS = Path(docket_policies.__file__).parent / "packs"
AT = datetime(2026, 6, 12, 10, tzinfo=UTC)
MIDNIGHT = datetime(2026, 6, 18, tzinfo=UTC)
LANGUAGES = ("en", "ru")
OURS = our_templates()
AREA, CONSOLE = "https://client.example/area/", "https://docket.example/console"
WRITER = Writer(OURS, client_area=AREA, console=CONSOLE)
SUBJECT, NOTE, ITEMS = (ContentRef(UUID(int=n), "") for n in (21, 22, 23))
TEXTS = {SUBJECT.id: b"Nodes <b>down</b>", NOTE.id: b"It ends too early.", ITEMS.id: b"The log."}
TOPIC = "[#D-1042] Nodes <b>down</b>"
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
INSTANTS = ("since", "until", "deadline", "due_at")
VALUES: dict[str, Any] = {
    **dict.fromkeys(NAMES, "x"),
    **dict.fromkeys(INSTANTS, MIDNIGHT),
    "clause": "R-6.10-a",
    "number": "D-1042",
}


def about(kind: NoticeKind, *events: Event) -> tuple[OwedNotice, Any]:
    """Return a notice about the last of these events, and the ticket."""
    history = recorded(*(Fact(event, AT) for event in events))
    ticket = fold(TICKET, history)
    assert ticket is not None
    return OwedNotice(kind, history[-1]), ticket


def written(
    kind: NoticeKind,
    *events: Event,
    language: str = "en",
    zone: str | None = None,
    writer: Writer = WRITER,
) -> Any:
    notice, ticket = about(kind, *events)
    spoken = LanguageRecorded("acme", language, zone)
    account = Account(UUID(int=5), "acme", language=spoken)
    return writer.write(notice, ticket, policy_of(ticket), TEXTS, AT, name="Ann", account=account)


OPENED = created(subject=SUBJECT)
CLOSED = ClosureDecided("resolved", "R-6.10-a", content=NOTE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", NOTICE_KINDS)
def test_every_letter_is_written_in_every_language_with_all_values_and_with_few(
    kind: str, language: str
) -> None:
    reader = Reader(language, ZoneInfo("Europe/Moscow"))
    few = {**dict.fromkeys(NAMES), "number": "D-1042", "clause": "R-1.14"}
    always = ("since", "due_at", "priority", "priority_clause", "product", "reason", "starts")
    few |= {name: VALUES[name] for name in (*always, "turn", "answers", "request_kind")}
    few |= {"told_kind": "closing", "waiting_for": "user", "after_access": "Close it.", "note": ""}
    for values in (VALUES, few):
        text = OURS.text(f"{kind}.txt", reader, values)
        headline, _, body = text.strip().partition("\n")
        assert headline.strip() == OURS.languages[language].word(kind)
        assert body.strip()
        assert "None" not in text
        assert "{" not in text
        assert bool(CYRILLIC.search(headline)) is (language == "ru")


def test_N_10_every_letter_leads_to_its_ticket_with_one_click() -> None:
    to_user = written("closing", OPENED, CLOSED)
    to_agents = written("registration_alert", OPENED)
    for letter, place in ((to_user, AREA), (to_agents, f"{CONSOLE}/")):
        link = f"{place}tickets/{TICKET}"
        assert f'<a href="{link}">{link}</a>' in letter.page
        assert link in letter.text.split()


def test_N_10_a_letter_to_agents_says_whose_ticket_it_is_and_who_works_on_it() -> None:
    text = written("registration_alert", OPENED).text
    assert "“Nodes <b>down</b>”" in text
    assert f"account {OPENED.account_id}" in text
    assert "assigned to nobody" in text


def test_what_people_wrote_is_escaped_and_becomes_no_link() -> None:
    notice, ticket = about("closing", OPENED, CLOSED)
    texts = {SUBJECT.id: b"<script>", NOTE.id: b"Pay at http://evil.example/<b>"}
    page = WRITER.write(notice, ticket, policy_of(ticket), texts, AT, name="<i>Ann").page
    assert re.findall(r"<a [^>]*>", page) == [f'<a href="{AREA}tickets/{TICKET}">']
    assert "<script>" not in page
    assert "<i>" not in page


def test_N_13_every_letter_to_a_user_says_that_replies_are_not_read() -> None:
    assert "replies to it are not read" in written("closing", OPENED, CLOSED).text
    assert "никто не читает" in written("closing", OPENED, CLOSED, language="ru").text


def test_N_15_a_letter_is_in_the_language_of_the_account_and_says_so() -> None:
    letter = written("closing", OPENED, CLOSED, language="ru", zone="Europe/Moscow")
    assert letter.headline == "Обращение закрыто"
    assert letter.text.startswith(f"Обращение закрыто\n{TOPIC}\n\nЗдравствуйте, Ann!\n")
    assert "Вопрос решён." in letter.text
    assert '<html lang="ru">' in letter.page
    assert letter.language == "ru"


def test_N_15_agents_are_written_to_in_the_usual_language_of_the_installation() -> None:
    assert written("registration_alert", OPENED, language="ru").language == "en"
    russian = Writer(OURS, Reader("ru"))
    assert written("registration_alert", OPENED, writer=russian).language == "ru"


def test_N_15_a_language_or_a_zone_that_this_version_lacks_is_the_usual_one() -> None:
    letter = written("closing", OPENED, CLOSED, language="xx", zone="Mars/Olympus")
    assert letter.language == "en"
    assert "UTC" in letter.text


def test_N_15_every_sentence_of_the_terms_that_a_letter_cites_is_there_in_russian() -> None:
    missing = set[str]()
    for file in PACKS.glob("*/*.toml"):
        data = tomllib.loads(file.read_text(encoding="utf-8"))
        cited = [
            *data.get("closing_reasons", {}).values(),
            *data.get("rejection_reasons", {}).values(),
            *(data[name] for name in ("auto_close", "after_access") if name in data),
        ]
        missing |= {each["says"] for each in cited} - OURS.languages["ru"].words.sentences.keys()
    assert missing == set()


def test_N_8_an_answer_that_is_rejected_says_why_what_is_asked_for_and_until_when() -> None:
    asked = InformationRequested("q1", items=ITEMS, deadline=AT + timedelta(days=3))
    text = written("information_rejected", OPENED, asked, InformationRejected("q1", NOTE)).text
    for said in ("It ends too early.", "The log.", "Monday, 2026-06-15 10:00:00 UTC", "(R-6.1-c)"):
        assert said in text


@pytest.mark.parametrize(
    ("name", "source", "fault"),
    [
        ("en/closing.txt", "Closed\n\n{{ nunber }}", "en/closing.txt, line 3: there is no value"),
        ("ru/closing.txt", "{% if until %}", "ru/closing.txt, line 1: Unexpected end"),
        ("en/closing.txt", "x\n{{ until | ende }}", "en/closing.txt, line 2: No filter named"),
        ("en/klosing.txt", "x", "en/klosing.txt: no letter has this file"),
        ("de/closing.txt", "x", "de/closing.txt: no letter has this file"),
        ("en/closing.txt", "{{ body }}", "en/closing.txt, line 1: there is no value body"),
        ("ru/words.toml", "[dates]\nweekdays = []", "ru/words.toml: "),
        ("en/words.toml", "[", "en/words.toml: "),
    ],
)
def test_templates_of_an_installation_are_checked_with_file_and_line(
    tmp_path: Path, name: str, source: str, fault: str
) -> None:
    place = tmp_path / name
    place.parent.mkdir()
    place.write_text(source, encoding="utf-8")
    with pytest.raises(BadLetters, match=re.escape(fault)):
        templates_of(str(tmp_path))


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadLetters, match="DOCKET_LETTERS"):
        templates_of(str(tmp_path / "none"))


def test_templates_of_an_installation_stand_in_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en/closing.txt").write_text("Bye\n\nTicket {{ number }} is done.", "utf-8")
    theirs = Writer(templates_of(str(tmp_path)))
    assert written("closing", OPENED, CLOSED, writer=theirs).text.startswith(
        f"Bye\n{TOPIC}\n\nHello Ann,"
    )
    assert written("registration", OPENED, writer=theirs).headline == "Your ticket is registered"


def test_a_template_that_fails_on_its_values_gives_way_to_ours(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en/closing.txt").write_text("{{ note.text.more }}", "utf-8")
    theirs = Writer(templates_of(str(tmp_path)))
    with structlog.testing.capture_logs() as lines:
        letter = written("closing", OPENED, CLOSED, writer=theirs)
    assert letter.headline == "Your ticket is closed"
    assert [line["event"] for line in lines] == ["template_fault"]


def test_a_template_reaches_nothing_of_the_process(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    attack = "{{ ''.__class__.__mro__[1].__subclasses__() }}"
    (tmp_path / "en/closing.txt").write_text(attack, "utf-8")
    theirs = Writer(templates_of(str(tmp_path)))
    assert written("closing", OPENED, CLOSED, writer=theirs).headline == "Your ticket is closed"


def test_a_letter_is_to_agents_exactly_where_its_kind_is_the_desks() -> None:
    for kind in NOTICE_KINDS:
        assert about(kind, OPENED)[0].to_agents is (kind in DESK_NOTICES)
