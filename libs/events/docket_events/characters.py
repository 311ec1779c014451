"""Which characters do something elsewhere, and text without them: what leaves is inert.

Whatever a person can send may stand in any name, id or text. On its way out it becomes characters
that its reader shows and never obeys. Marks that scripts written from right to left need (U+200E,
U+200F, U+061C) and joiners stay; what embeds, overrides or isolates a direction does not.
"""

import re
from typing import Final
from xml.sax.saxutils import escape, quoteattr

CONTROLS: Final = r"\x00-\x1f\x7f-\x9f"
"""C0, DEL and C1 (ECMA-48): a terminal obeys them."""
LINES: Final = r"\u2028\u2029"
"""They end a line for some readers of logs and scripts."""
DIRECTIONS: Final = r"\u202a-\u202e\u2066-\u2069"
"""They change the direction of what follows (UAX 9), so that it reads as something else."""
HIDDEN: Final = r"\ufeff\ufff9-\ufffb"
"""A byte order mark and annotations: text that hides."""
_TAGS: Final = r"\U000e0000-\U000e007f"
"""Letters that nothing shows."""
_NO_CHARACTERS: Final = r"\ud800-\udfff\ufdd0-\ufdef" + "".join(
    f"\\U{plane:04x}fffe\\U{plane:04x}ffff" for plane in range(17)
)

_ACTIVE = CONTROLS + LINES + DIRECTIONS + HIDDEN + _TAGS + _NO_CHARACTERS
_NOT_ON_A_LINE = re.compile(f"[{_ACTIVE}]")
_NOT_ON_A_PAGE = re.compile(f"(?![\\t\\n])[{_ACTIVE}]")
_NO_XML_CHAR = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}

REPLACEMENT: Final = "\N{REPLACEMENT CHARACTER}"


def one_line(text: str) -> str:
    """Return text for one line of a terminal or a log: what would do something is written out."""
    return _NOT_ON_A_LINE.sub(_written_out, text)


def printable(text: str) -> str:
    """Return text for a terminal, with its lines and tabs; the rest as `one_line` does."""
    return _NOT_ON_A_PAGE.sub(_written_out, text)


def inert_json(line: str) -> str:
    """Return a line of JSON of the same value with nothing in it that a terminal or a log obeys."""
    if line.isascii() and "\x7f" not in line:  # what lies below is escaped already
        return line
    return _NOT_ON_A_LINE.sub(_json_escape, line)


def xml_text(text: str) -> str:
    """Return text in which every character is a Char of XML 1.0 (section 2.2)."""
    return _NO_XML_CHAR.sub(REPLACEMENT, text)


def xml_escaped(text: str) -> str:
    """Return text as it stands between the tags of XML."""
    return escape(xml_text(text))


def xml_quoted(text: str) -> str:
    """Return text as the value of an attribute of XML, with its quotes."""
    return quoteattr(xml_text(text))


def inert(text: str) -> str:
    """Return text for one line of a file that people open: what would do something is replaced."""
    return _NOT_ON_A_LINE.sub(REPLACEMENT, text)


def plain_name(name: str) -> str:
    """Return the name of a file for a download, without what would do something and folders."""
    return re.sub(r"[/\\]", "_", _NOT_ON_A_LINE.sub("", name)).strip(". ") or "file"


def _written_out(found: re.Match[str]) -> str:
    letter = found[0]
    if letter in _SHORT:
        return _SHORT[letter]
    code = ord(letter)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _json_escape(found: re.Match[str]) -> str:
    units = found[0].encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[n : n + 2].hex()}" for n in range(0, len(units), 2))
