"""Checks of broker, mail server and file store, each asked for as little as possible."""

import os
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from aio_pika.abc import AbstractConnection

from docket_cli.installation.findings import Finding, fault, ok, warning
from docket_runtime.bus import broker
from docket_runtime.files import Files, Gone
from docket_runtime.mail.server import greet
from docket_runtime.new_ids import new_id
from docket_runtime.settings import Settings
from docket_runtime.unavailable import Unavailable

OLDEST_RABBITMQ = (3, 10)
"""The oldest that Docket has run with."""
PROBE = b"docket check"


async def of_broker(settings: Settings) -> AsyncIterator[Finding]:
    """Yield whether the broker lets us in, and how old it is; nothing is declared."""
    if settings.amqp_url == broker.OFF:
        yield ok("broker", "DOCKET_AMQP_URL is none: there is no bus, letters go out without it")
        return
    try:
        connection = await broker.connect(settings.amqp_url, "docket-check")
    except (Unavailable, ValueError) as refused:
        yield fault("broker", str(refused).removeprefix("broker: "), "see DOCKET_AMQP_URL")
        return
    version = _version(connection)
    await broker.leave(connection)
    if version and tuple(int(part) for part in version.split(".")[:2]) < OLDEST_RABBITMQ:
        oldest = ".".join(map(str, OLDEST_RABBITMQ))
        yield warning("broker", f"RabbitMQ {version}", f"nobody has tried one before {oldest}")
    else:
        yield ok("broker", f"RabbitMQ {version or 'of an unknown version'} answers")


def _version(connection: AbstractConnection) -> str | None:
    transport = getattr(connection, "transport", None)
    told = getattr(getattr(transport, "connection", None), "server_properties", None) or {}
    version = told.get("version")
    return version.decode() if isinstance(version, bytes) else version


async def of_mail(settings: Settings) -> AsyncIterator[Finding]:
    """Yield whether the mail server greets us; no letter is sent and no password told."""
    try:
        await greet(settings.smtp_url)
    except (Unavailable, ValueError) as refused:
        yield fault("mail", str(refused), "see DOCKET_SMTP_URL")
    else:
        yield ok("mail", "the mail server greets us; whether it takes letters is not tried")


async def of_files(settings: Settings) -> AsyncIterator[Finding]:
    """Yield whether a file can be written, read and deleted in the file store."""
    address = urlsplit(settings.files_url)
    if address.scheme == "file" and not (folder := Path(unquote(address.path))).is_dir():
        nearest = next(each for each in folder.parents if each.exists())
        if not (nearest.is_dir() and os.access(nearest, os.W_OK)):
            do = "make it for the user that ticket-api runs as, and check as that user"
            yield fault("files", f"{folder} is not there and cannot be made here", do)
        else:
            yield ok("files", f"{folder} is not there yet: ticket-api makes it")
        return
    store, place, part = Files(settings.files_url), f"check-{new_id()}", new_id()
    try:
        await store.put(place, part, PROBE)
        read = b"".join([each async for each in store.read(place, [part])])
        await store.drop(place, [part])
    except (Unavailable, Gone, ValueError) as refused:
        yield fault("files", str(refused), "see DOCKET_FILES_URL, and check as ticket-api's user")
        return
    if read != PROBE:
        yield fault("files", "a file was not read as it was written")
    else:
        yield ok("files", "a file was written, read and deleted")
