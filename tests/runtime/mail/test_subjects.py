"""A subject keeps its spaces and joiners, and is cut where people see the end of a word."""

import re
from email import message_from_bytes
from email.policy import default

import pytest
from test_hostile_letters import with_typed

from docket_runtime.mail.encoded_words import decoded, words
from docket_runtime.mail.message import compose
from docket_runtime.mail.text import shortened, sound_line

LANGUAGES = {
    "Greek": "Ο κόμβος δεν απαντά μετά την ενημέρωση",
    "Chinese": "节点 无法 启动 请 帮助",
    "Japanese": "ノードが応答しません ご確認ください",
    "emoji": "Node down 🔥 again",
    "Sinhala": "ශ්‍රී ලංකා",
    "Persian": "نمی‌تواند وصل شود",
    "Hindi": "क्‍ष नोड काम नहीं कर रहा है",
    "a family": "👨‍👩‍👧 at home",
    "Russian": "Узел не отвечает после обновления, все машины стоят",
    "German": "Knoten antwortet nicht, größere Störung",
    "English": "No node of the cluster answers",
    "Hebrew": "השרת אינו מגיב לאחר העדכון",
    "Thai": "เซิร์ฟเวอร์ไม่ตอบสนองหลังจากอัปเดต",
    "Korean": "노드가 응답하지 않습니다",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_N_4_no_length_of_a_number_costs_a_space_or_makes_an_empty_word(language) -> None:
    for digits in range(12):
        subject = f"{'7' * digits} {LANGUAGES[language]}".strip()
        mail = with_typed(subject)
        content = compose(mail).content
        assert str(message_from_bytes(content, policy=default)["Subject"]) == mail.subject
        (field,) = re.findall(rb"Subject: (.*?)\r\n(?![ \t])", content, re.DOTALL)
        assert decoded(field.decode().replace("\r\n", "")) == mail.subject
        assert b"??=" not in field


def test_N_5_joiners_stay_and_what_turns_or_ends_a_line_becomes_a_space() -> None:
    for text in ("ශ්‍රී ලංකා", "نمی‌تواند", "👨‍👩‍👧", "soft\u00adhyphen", "\u200eleft"):
        assert sound_line(text) == text
    for ends in "\r\n\x0b\x0c\x1c\x85\u2028\u2029\u202e\u2066\u2069\x00\x7f":
        assert sound_line(f"a{ends}b") == "a b"
    assert sound_line("a\ud800b") == "a\ufffdb"


def test_text_that_looks_like_an_encoded_word_is_encoded() -> None:
    for typed in ("=?utf-8?B?SGFja2Vk?=", "a =? b"):
        content = compose(with_typed(typed)).content
        assert str(message_from_bytes(content, policy=default)["Subject"]) == f"[#DKT-89] {typed}"
        assert typed.encode() not in content.partition(b"\r\n\r\n")[0]


def test_plain_words_stand_in_the_header_as_they_are() -> None:
    content = compose(with_typed("No network in two racks")).content
    assert b"Subject: [#DKT-89] No network in two racks\r\n" in content


@pytest.mark.parametrize(
    ("line", "limit", "cut"),
    [
        ("short enough", 12, "short enough"),
        ("no node of the cluster", 12, "no node of…"),
        ("no node of", 9, "no node…"),
        ("Donaudampfschiff", 10, "Donaudamp…"),
        ("e\u0301" * 10, 6, "e\u0301e\u0301…"),
        ("👨‍👩‍👧" * 3, 8, "👨‍👩‍👧…"),
        ("🇩🇪🇯🇵🇫🇷", 4, "🇩🇪…"),
        ("👍🏽👍🏽", 3, "👍🏽…"),
        ("\u1112\u1161\u11ab\u1112\u1161\u11ab", 5, "\u1112\u1161\u11ab…"),
        ("节点无法启动请帮助", 5, "节点无法…"),
        ("a\u0301" + "\u0301" * 30, 5, "a\u0301\u0301\u0301…"),
    ],
)
def test_N_11_a_long_subject_ends_at_a_word_or_between_what_people_see_as_characters(
    line, limit, cut
) -> None:
    assert shortened(line, limit) == cut


@pytest.mark.parametrize(
    "value", ["=?utf-8?B??=", "=?utf-8?q?a?=", "=?latin1?B?YQ==?=", f"=?utf-8?B?{'YWFh' * 20}?="]
)
def test_a_word_that_is_not_as_ours_are_is_not_read(value) -> None:
    with pytest.raises(ValueError, match="encoded word"):
        decoded(value)


def test_words_are_cut_between_characters_and_the_first_fits_its_line() -> None:
    text = "🔥 ü" * 60
    made = words(text, 67)
    assert len(made[0]) <= 67
    assert all(len(word) <= 75 for word in made)
    assert decoded(" ".join(made)) == text
