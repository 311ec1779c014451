"""Where files lie: a folder or an object store, named by a URL (decision 0012).

A file is a folder of parts. A part is written whole or not at all and never changed; the database
says which parts make up the file, and in which order. Anything else in the folder was cut off while
it was written, and is deleted with the folder.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from docket_runtime.new_ids import new_id
from docket_runtime.unavailable import Unavailable

PROBES = "probes"
"""The folder of what is written to see whether the store works; no file of a ticket lies there."""


class Gone(Exception):
    """A part of a file is not there any more."""


class Files:
    """The file store of a URL; it is opened when it is first used.

    A folder that is not there is made, unless the store `only_reads`.
    """

    def __init__(self, url: str, *, only_reads: bool = False) -> None:
        self._url = url
        self._only_reads = only_reads
        self._opened: ObjectStore | None = None

    async def put(self, place: str, part: UUID, body: bytes) -> None:
        """Write a part, durably; raise Unavailable."""
        with _reachable():
            store = self._store()
            await obstore.put_async(store, f"{place}/{part}", body)
            if isinstance(store, LocalStore) and store.prefix is not None:
                await asyncio.to_thread(_settle, store.prefix / place, str(part))

    async def read(self, place: str, parts: Sequence[UUID]) -> AsyncIterator[bytes]:
        """Yield the parts one after another; raise Gone or Unavailable."""
        for part in parts:
            try:
                with _reachable():
                    found = await obstore.get_async(self._store(), f"{place}/{part}")
                    body = bytes(await found.bytes_async())
            except FileNotFoundError:
                raise Gone(f"a part of {place} is gone") from None
            yield body

    async def has_any(self, place: str) -> bool:
        """Return whether anything lies in the folder of a file; raise Unavailable."""
        with _reachable():
            async for page in obstore.list(self._store(), f"{place}/"):
                if page:
                    return True
        return False

    async def drop(self, place: str, parts: Sequence[UUID]) -> None:
        """Delete parts, also those that are gone already; raise Unavailable."""
        await self._delete([f"{place}/{part}" for part in parts])

    async def clear(self, place: str) -> None:
        """Delete everything in the folder of a file; raise Unavailable."""
        with _reachable():
            pages = [page async for page in obstore.list(self._store(), f"{place}/")]
        await self._delete([found["path"] for page in pages for found in page])

    async def check(self) -> str | None:
        """Return None if the store takes a part and gives it back, otherwise why not."""
        part = new_id()
        try:
            await self.put(PROBES, part, b"probe")
            [body async for body in self.read(PROBES, [part])]
            await self.drop(PROBES, [part])
        except (Gone, Unavailable) as fault:
            return str(fault)
        return None

    async def _delete(self, paths: Sequence[str]) -> None:
        for path in paths:
            with _reachable(), suppress(FileNotFoundError):
                await obstore.delete_async(self._store(), path)

    def _store(self) -> ObjectStore:
        if self._opened is None:
            told = urlsplit(self._url)
            if told.scheme == "file":
                folder = Path(unquote(told.path))
                if self._only_reads and not folder.is_dir():
                    raise Unavailable(f"the file store is not there: {folder}")
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                self._opened = LocalStore(folder, automatic_cleanup=True)
            else:
                self._opened = from_url(self._url)
        return self._opened


@contextmanager
def _reachable() -> Iterator[None]:
    """Turn errors of the store into Unavailable, except that a part does not exist."""
    try:
        yield
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as fault:
        raise Unavailable(f"the file store is out of reach: {type(fault).__name__}") from fault


def _settle(folder: Path, name: str) -> None:
    """Wait until a file and its name are on the disk, as an object store does by itself."""
    for path in (folder / name, folder):
        opened = os.open(path, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
