"""Templates of an installation: checked before use, in the place of ours, and no way in."""

import re
from pathlib import Path

import pytest
import structlog
from written_letters import (
    CLOSED,
    OPENED,
    TOPIC,
    written,
)

from notifier.letter_templates import BadLetters, templates_of
from notifier.letter_text import Writer


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
