"""Encoded words (RFC 2047): any text as ASCII that mail programs show as it was, and back.

A whole text is encoded, its white space inside the words, because the white space between two words
is nobody's (6.2). Words are base64 of UTF-8, cut between characters, and never empty (2).
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence

LONGEST_LINE = 76
"""Of a field with encoded words (RFC 2047, 2)."""

_START, _END = "=?utf-8?B?", "?="
_LONGEST_WORD = 75
_WORD = re.compile(r"=\?([^?\s]+)\?([A-Za-z])\?([^?\s]*)\?=")
_BETWEEN = re.compile(r"(?<=\?=)[ \t]+(?==\?)")


def is_plain(text: str) -> bool:
    """Return whether a line can stand in a field as it is: ASCII that no reader takes for words."""
    return text.isascii() and text.isprintable() and "=?" not in text


def words(text: str, room: int) -> Sequence[str]:
    """Return the encoded words of a text, the first of at most `room` characters."""
    return [f"{_START}{b64encode(part).decode()}{_END}" for part in _parts(text, room)]


def decoded(value: str) -> str:
    """Return what a mail program shows of an unfolded value with words of this module.

    Raises ValueError for a word that is empty, too long, of another form, or no UTF-8.
    """
    if "=?" not in value:
        return value
    return _WORD.sub(_text_of, _BETWEEN.sub("", value))


def _parts(text: str, room: int) -> Iterator[bytes]:
    part = b""
    most = _bytes_in(min(room, _LONGEST_WORD))
    for letter in text:
        more = letter.encode()
        if part and len(part) + len(more) > most:
            yield part
            part, most = b"", _bytes_in(_LONGEST_WORD)
        part += more
    if part:
        yield part


def _bytes_in(characters: int) -> int:
    return (characters - len(_START) - len(_END)) // 4 * 3


def _text_of(word: re.Match[str]) -> str:
    charset, coding, coded = word.groups()
    if (charset.lower(), coding.upper()) != ("utf-8", "B"):
        raise ValueError("an encoded word of a form that is not ours")
    if not coded or len(word[0]) > _LONGEST_WORD:
        raise ValueError("an encoded word that is empty or too long")
    return b64decode(coded, validate=True).decode()
