"""Opening a file of another helpdesk: plain or gzip, and which format it has.

A file is known by what is in it and not by its name. A byte order mark is left out.
"""

import gzip
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader, RawIOBase
from pathlib import Path
from typing import Any, Literal, cast

from docket_import.fault import bad_file

Format = Literal["jsonl", "csv", "xes"]
Passed = Callable[[int], None]
"""Is told how many bytes of the file have been read."""

_GZIP = b"\x1f\x8b"
_OTHERS = {
    b"PK\x03\x04": "a zip archive, as spreadsheets are too: unpack it, or save it as CSV",
    b"BZh": "packed with bzip2: unpack it, or pack it with gzip",
    b"\xfd7zXZ": "packed with xz: unpack it, or pack it with gzip",
    b"\x28\xb5\x2f\xfd": "packed with zstd: unpack it, or pack it with gzip",
    BOM_UTF16_LE: "UTF-16: save it as UTF-8",
    BOM_UTF16_BE: "UTF-16: save it as UTF-8",
    b"SQLite format 3": "a database: export a table of it as CSV",
}
_HEAD = 4096


@contextmanager
def opened(path: Path, passed: Passed = lambda _: None) -> Iterator["BufferedReader[Any]"]:
    """Open a file for reading, unpacked and without a byte order mark.

    Raise BadLine where it is packed in another way, cut off or damaged, and OSError.
    """
    try:
        with path.open("rb", buffering=0) as raw:
            plain: BufferedReader[Any] = BufferedReader(cast(RawIOBase, _Counted(raw, passed)))
            file = plain
            if plain.peek(len(_GZIP)).startswith(_GZIP):
                # the own lines of GzipFile are slow
                file = BufferedReader(cast(RawIOBase, gzip.GzipFile(fileobj=plain)))
            _refuse_others(file.peek(_HEAD))
            if file.peek(len(BOM_UTF8)).startswith(BOM_UTF8):
                file.read(len(BOM_UTF8))
            yield file
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise bad_file("the file", "it is cut off or damaged") from error


def format_of(path: Path) -> Format:
    """Return what format a file has by what is in it; raise BadLine or OSError."""
    with opened(path) as file:
        head = file.peek(_HEAD).lstrip()
    if head.startswith(b"<"):
        return "xes"
    if head.startswith((b"{", b"[")) or not head:
        return "jsonl"
    return "csv"


def _refuse_others(head: bytes) -> None:
    for begins, what in _OTHERS.items():
        if head.startswith(begins):
            raise bad_file("the file", f"it is {what}", "JSON lines, CSV or XES, plain or gzip")


class _Counted(RawIOBase):
    """A file that says how far it has been read."""

    def __init__(self, raw: Any, passed: Passed) -> None:
        self._raw, self._passed, self._read = raw, passed, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count: int = self._raw.readinto(buffer) or 0
        self._read += count
        self._passed(self._read)
        return count
