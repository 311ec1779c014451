"""What letters say, in each language and zone, by our templates and by those of an installation."""

import re
import tomllib
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from written_letters import (
    AREA,
    AT,
    CLOSED,
    CONSOLE,
    CYRILLIC,
    ITEMS,
    LANGUAGES,
    NOTE,
    OPENED,
    OURS,
    PACKS,
    SUBJECT,
    TOPIC,
    VALUES,
    WRITER,
    about,
    written,
)

from docket_events.notice import DESK_NOTICES
from docket_events.ticket import (
    InformationRejected,
    InformationRequested,
)
from docket_events.told import NOTICE_KINDS
from docket_policies.terms.loader import policy_of
from notifier.letter_language import Reader
from notifier.letter_names import NAMES
from notifier.letter_text import Writer
from records import TICKET


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


def test_a_letter_is_to_agents_exactly_where_its_kind_is_the_desks() -> None:
    for kind in NOTICE_KINDS:
        assert about(kind, OPENED)[0].to_agents is (kind in DESK_NOTICES)
