"""Media types as browsers and tools really send them, and the one name that each has here."""

from collections.abc import Mapping
from types import MappingProxyType

UNKNOWN = "application/octet-stream"

_NAMES: Mapping[str, tuple[str, ...]] = {
    "text/plain": ("text/x-plain", "text/markdown", "text/x-markdown"),
    "text/x-log": ("text/log", "application/log", "application/x-log", "text/x-logfile"),
    "text/csv": (
        "application/csv",
        "application/x-csv",
        "text/x-csv",
        "text/comma-separated-values",
        "text/x-comma-separated-values",
    ),
    "application/json": ("text/json", "text/x-json", "application/x-json"),
    "application/x-ndjson": (
        "application/ndjson",
        "application/jsonl",
        "application/x-jsonlines",
        "application/json-lines",
        "application/jsonlines",
    ),
    "application/xml": ("text/xml", "application/x-xml"),
    "application/yaml": ("text/yaml", "text/x-yaml", "application/x-yaml", "text/vnd.yaml"),
    "application/sql": ("text/sql", "text/x-sql", "application/x-sql"),
    "application/pdf": ("application/x-pdf", "application/acrobat", "text/pdf"),
    "application/zip": (
        "application/x-zip",
        "application/x-zip-compressed",
        "application/zip-compressed",
        "multipart/x-zip",
    ),
    "application/gzip": (
        "application/x-gzip",
        "application/x-gunzip",
        "application/x-gzip-compressed",
        "application/gzip-compressed",
        "application/gzipped",
        "application/x-tgz",
        "application/x-gtar-compressed",
        "application/x-compressed-tar",
        "gzip/document",
    ),
    "application/zstd": ("application/x-zstd", "application/zstandard"),
    "application/x-bzip2": ("application/bzip2", "application/bzip", "application/x-bzip"),
    "application/x-xz": ("application/xz",),
    "application/x-tar": ("application/tar", "application/x-gtar", "application/x-ustar"),
    "application/x-7z-compressed": ("application/7z", "application/x-7z"),
    "application/vnd.tcpdump.pcap": (
        "application/pcap",
        "application/x-pcap",
        "application/x-pcapng",
        "application/x-tcpdump",
    ),
    "application/vnd.sqlite3": ("application/x-sqlite3", "application/sqlite3"),
    "image/jpeg": ("image/jpg", "image/pjpeg", "image/x-jpeg", "image/jfif"),
    "image/png": ("image/x-png",),
    "image/gif": ("image/x-gif",),
    "image/webp": ("image/x-webp",),
    UNKNOWN: (
        "binary/octet-stream",
        "application/octetstream",
        "application/binary",
        "application/x-binary",
        "application/unknown",
        "application/x-unknown",
        "application/force-download",
        "application/download",
    ),
}
CANONICAL: Mapping[str, str] = MappingProxyType(
    {alias: name for name, aliases in _NAMES.items() for alias in aliases}
)
"""Every other name of a media type, with the one that is kept."""

_ENDINGS: Mapping[str, str] = {
    "txt": "text/plain", "md": "text/plain", "log": "text/x-log", "csv": "text/csv",
    "json": "application/json", "jsonl": "application/x-ndjson", "ndjson": "application/x-ndjson",
    "xml": "application/xml", "yaml": "application/yaml", "yml": "application/yaml",
    "sql": "application/sql", "pdf": "application/pdf", "zip": "application/zip",
    "gz": "application/gzip", "tgz": "application/gzip", "zst": "application/zstd",
    "bz2": "application/x-bzip2", "xz": "application/x-xz", "tar": "application/x-tar",
    "7z": "application/x-7z-compressed", "pcap": "application/vnd.tcpdump.pcap",
    "sqlite": "application/vnd.sqlite3", "png": "image/png", "jpg": "image/jpeg",
    "jpeg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
}  # fmt: skip  # a line each says no more
_OF_SPREADSHEETS = "application/vnd.ms-excel"
"""What browsers on Windows say of a CSV file where a spreadsheet is installed."""


def canonical(media_type: str) -> str:
    """Return the name of a media type that is kept: in lower case, without parameters."""
    essence = media_type.partition(";")[0].strip().lower()
    return CANONICAL.get(essence, essence)


def media_type_of(said: str, name: str) -> str:
    """Return what a file is by what is said of it; where nothing is said, by its name's ending.

    An ending that nobody knows is octets.
    """
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    told = canonical(said)
    if not told or (told == _OF_SPREADSHEETS and ending == "csv"):
        return _ENDINGS.get(ending, UNKNOWN)
    return told
