"""The checkpoints that were kept outside the database, as `docket verify` is given them.

Without them a log that was cut off at its end cannot be told from a shorter one, so what is missing
of them is never passed over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import asyncpg

from docket_cli.errors import CliError
from docket_proof.note import BadNote, Verifier
from docket_runtime.proof.copies import Copied, copies
from docket_runtime.proof.stored_log import NoLog
from docket_runtime.proof.verification import copy_lacks
from docket_runtime.settings import Settings

NO_COPY = "no outside copy of a checkpoint: an end that was cut off cannot be found"


@dataclass(slots=True)
class Outside:
    """The copies to hold the log against.

    `file` is the one that the signer appends to, which has every checkpoint of the database; a copy
    that somebody kept may be older. `away` says what evidence is not where it should be.
    """

    copied: Sequence[Copied] = ()
    file: Path | None = None
    away: list[str] = field(default_factory=list)

    async def compare(self, connection: asyncpg.Connection) -> None:
        """Note what the file lacks that the database has; raise Unavailable."""
        if self.file is None or self.away:
            return
        try:
            lacks = await copy_lacks(connection, self.copied)
        except NoLog:
            return  # told as a fault of the log
        self.away += [f"{self.file}: {each}" for each in lacks]


def outside_of(
    settings: Settings, keys: Sequence[Verifier], copy: Path | None, *, may_lack: bool
) -> Outside:
    """Return the copy that was given, else the file of the settings; raise CliError.

    In production it is missed, unless the caller says that it `may_lack`.
    """
    if may_lack:
        return Outside()
    if not keys:
        missed = ["no key is known (DOCKET_CHECKPOINT_KEYS): no signature was checked", NO_COPY]
        return Outside(away=missed if settings.env == "prod" else [])
    if copy is not None:
        kept = read_copy(copy, keys)
        return Outside(kept, away=[] if kept or settings.env != "prod" else [NO_COPY])
    if settings.checkpoints_file is None:
        return Outside(away=[NO_COPY] if settings.env == "prod" else [])
    file = Path(settings.checkpoints_file)
    try:
        return Outside(copies(file.read_bytes().decode(), keys), file)
    except FileNotFoundError:
        gone = f"{file} (DOCKET_CHECKPOINTS_FILE) is not there: {NO_COPY}"
        return Outside(file=file, away=[gone])
    except (BadNote, OSError, UnicodeDecodeError) as error:
        return Outside(file=file, away=[f"{file} (DOCKET_CHECKPOINTS_FILE): {error}"])


def read_copy(file: Path | None, keys: Sequence[Verifier]) -> Sequence[Copied]:
    """Return the checkpoints of a file that somebody kept; raise CliError."""
    if file is None or not keys:
        return ()
    try:
        return copies(file.read_bytes().decode(), keys)
    except (BadNote, OSError, UnicodeDecodeError) as error:
        raise CliError(f"{file}: {error}") from error
