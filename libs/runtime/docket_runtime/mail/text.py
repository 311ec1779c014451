"""Text that people wrote, as a letter can hold it: one sound line, sound lines, a cut line.

What could end a line or turn the direction of what follows becomes a space. Joiners and the other
format characters stay: scripts and emoji are written with them.
"""

from unicodedata import category, combining

LINE_ENDS = frozenset({"Cc", "Zl", "Zp"})
BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Embeddings, overrides and isolates, with their ends (UAX 9)."""

_ZWJ = "\u200d"
_NEVER_FIRST = frozenset({"Mn", "Mc", "Me"})
_EMOJI_TONES = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)
_TAGS = range(0xE0020, 0xE0080)
_ELLIPSIS = "…"


def sound_line(text: str) -> str:
    """Return the text as one line: no controls, no ends of lines, single spaces, no surrogates."""
    return " ".join("".join(map(_in_line, text)).split())


def sound_lines(text: str) -> str:
    r"""Return the text with `\n` at the end of each of its lines, sound in each (see `sound_line`).

    Tabs and spaces stay as they are.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(
        "".join(letter if letter == "\t" else _in_line(letter) for letter in line) for line in lines
    )


def shortened(line: str, limit: int) -> str:
    """Return a line of `limit` characters at most, cut at a word and marked with an ellipsis.

    A word that alone is too long is cut between two characters as people see them (UAX 29).
    """
    if len(line) <= limit:
        return line
    room = limit - len(_ELLIPSIS)
    end = line.rfind(" ", 0, room + 1)
    if end <= room // 2:  # one long word, or a script that writes no spaces
        end = room
        while end > 0 and not _may_break(line, end):
            end -= 1
    return line[: end or room].rstrip() + _ELLIPSIS


def _in_line(letter: str) -> str:
    kind = category(letter)
    if kind in LINE_ENDS or letter in BIDI_CONTROLS:
        return " "
    return "\ufffd" if kind == "Cs" else letter


def _may_break(line: str, at: int) -> bool:
    """Return whether a character that people see ends before this index."""
    before, after = line[at - 1], line[at]
    place = ord(after)
    if category(after) in _NEVER_FIRST or combining(after) or after in ("\u200c", _ZWJ):
        return False
    if before == _ZWJ or place in _EMOJI_TONES or place in _TAGS:
        return False
    if place in _FLAG_LETTERS:
        run = 0
        while run < at and ord(line[at - 1 - run]) in _FLAG_LETTERS:
            run += 1
        return run % 2 == 0
    # the vowels and finals of a Hangul syllable that is written in its parts
    return not (0x1160 <= place <= 0x11FF and 0x1100 <= ord(before) <= 0x11FF)
