"""`docket check`: what an installation lacks, before its services are started."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from enum import StrEnum
from typing import Annotated

import typer

from docket_cli import config, output
from docket_cli.installation.database_checks import of_database
from docket_cli.installation.findings import Finding, fault
from docket_cli.installation.key_checks import of_checkpoints, of_tokens
from docket_cli.installation.neighbour_checks import of_broker, of_files, of_mail
from docket_cli.installation.setting_checks import (
    of_calendars,
    of_python,
    of_secrets,
    of_settings,
)
from docket_runtime.setting_groups.facts import SERVICES
from docket_runtime.settings import Settings, SettingsError, read

WARNED, FAULTY = 1, 3


class Service(StrEnum):
    """A service that can be checked alone."""

    TICKET_API = "ticket-api"
    SLA_CLOCK = "sla-clock"
    NOTIFIER = "notifier"


def check(
    service: Annotated[
        Service | None, typer.Option(help="Only what this service needs, with its settings.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Check an installation: settings, keys, database, roles, broker, mail, files, calendars.

    A line for each check, and what to do where it is not well. Give it the settings of the service
    and run it as the service's user: what that user cannot read or write, the service cannot. It
    changes nothing, but that it writes a file into the file store and deletes it again.

    Exit codes: 0 all is well, 1 there are warnings, 2 the question makes no sense, 3 something does
    not work or is refused.

    Example: docket check --service sla-clock
    """
    services = SERVICES if service is None else (service.value,)
    with output.errors():
        found = [*_before(), *_checked(services)]
    worst = {each.state for each in found}
    if as_json:
        told = [each.told() for each in found]
        output.print_json({"ok": "fault" not in worst, "checks": told})
    else:
        for each in found:
            output.line(each.line())
    if "fault" in worst:
        raise typer.Exit(FAULTY)
    if "warning" in worst:
        raise typer.Exit(WARNED)


def _before() -> Iterator[Finding]:
    yield from of_python()
    yield from of_calendars()


def _checked(services: tuple[str, ...]) -> Iterator[Finding]:
    """Yield what can be said with these settings; where they are wrong, that alone."""
    try:
        files = read()[1].files
    except SettingsError as wrong:
        for mistake in wrong.mistakes:
            yield fault("settings", mistake)
        return
    settings = config.settings()
    yield from of_secrets(files)
    yield from of_settings(settings, services)
    if "ticket-api" in services:
        yield from of_tokens(settings)
    if {"ticket-api", "sla-clock"} & set(services):
        yield from of_checkpoints(settings, signs="sla-clock" in services)
    yield from asyncio.run(_neighbours(settings, services))


async def _neighbours(settings: Settings, services: tuple[str, ...]) -> list[Finding]:
    found = await of_database(settings, services)
    asked: list[AsyncIterator[Finding]] = []
    if {"sla-clock", "notifier"} & set(services):
        asked.append(of_broker(settings))
    if "notifier" in services:
        asked.append(of_mail(settings))
    if "ticket-api" in services:
        asked.append(of_files(settings))
    for each in asked:
        found += [finding async for finding in each]
    return found
