"""The files of a pack: a folder with pack.toml and cases.json, or the file of a pack alone."""

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from docket_cli.errors import CliError
from docket_terms.cases import BadCase, Case, read_cases
from docket_terms.pack import Pack
from docket_terms.pack_format import review

PACK, CASES = "pack.toml", "cases.json"

Where = Annotated[Path, typer.Argument(help="The folder of a pack, or its pack.toml.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def file_of(path: Path) -> Path:
    """Return the file of a pack."""
    return path / PACK if path.is_dir() else path


def text_of(path: Path) -> str:
    """Return the text of a pack; raise CliError."""
    file = file_of(path)
    try:
        return file.read_text(encoding="utf-8")
    except OSError as wrong:
        raise CliError(f"{file}: {wrong.strerror}") from None
    except UnicodeDecodeError:
        raise CliError(f"{file}: this is no text in UTF-8") from None


def pack_of(path: Path) -> Pack:
    """Return a pack that passes the check; raise CliError with all its mistakes."""
    pack, faults = review(text_of(path), str(file_of(path)))
    if pack is None:
        raise CliError("\n".join(str(fault) for fault in faults))
    return pack


def cases_of(path: Path, pack: Pack, file: Path | None = None) -> list[Case]:
    """Return the cases beside a pack, or in a file; none without one. Raise CliError."""
    cases = file or file_of(path).parent / CASES
    if not cases.exists():
        if file is not None:
            raise CliError(f"{cases}: there is no such file")
        return []
    try:
        return read_cases(msgspec.json.decode(cases.read_bytes()), pack)
    except (msgspec.DecodeError, UnicodeDecodeError) as wrong:
        raise CliError(f"{cases}: this is no JSON: {wrong}") from None
    except BadCase as wrong:
        raise CliError(f"{cases}: {wrong}") from None
    except OSError as wrong:
        raise CliError(f"{cases}: {wrong.strerror}") from None
