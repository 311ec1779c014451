"""Checks of what can be seen in the settings and on this machine, before anybody is asked."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from platform import python_version
from stat import S_IRWXG, S_IRWXO

from docket_cli.installation.findings import Finding, fault, ok, warning
from docket_cli.terms.calendars import ends
from docket_runtime.clock import wall_clock
from docket_runtime.production import NAMES, unsafe_settings
from docket_runtime.setting_groups.sources import variable
from docket_runtime.settings import Settings

PATHS = {
    "ticket-api": ("releases",),
    "sla-clock": (),
    "notifier": ("letters",),
}
"""The settings that name what a service reads; keys have checks of their own."""


def of_settings(settings: Settings, services: tuple[str, ...]) -> Iterator[Finding]:
    """Yield what production refuses, what is allowed all the same, and which paths lead nowhere."""
    if unknown := [name for name in settings.allowed if name not in NAMES]:
        yield fault(
            "settings",
            f"DOCKET_ALLOW names {', '.join(unknown)}, which nothing is called",
            "docs/production.md lists the names",
        )
    unsafe = {each.name: each for name in services for each in unsafe_settings(settings, name)}
    for name, each in unsafe.items() if settings.env == "prod" else ():
        if name in settings.allowed:
            yield warning("settings", each.says, f"it is taken, for DOCKET_ALLOW has {name}")
        else:
            yield fault("settings", each.says, f"or take it by DOCKET_ALLOW={name}")
    for name in dict.fromkeys(path for service in services for path in PATHS[service]):
        path = getattr(settings, name)
        if path is not None and not os.access(path, os.R_OK):
            yield fault("settings", f"{variable(name)} names {path}", "nobody can read that here")
    refuses = "nothing that production refuses" if settings.env == "prod" else "nothing is refused"
    yield ok("settings", f"DOCKET_ENV is {settings.env}: {refuses} but what stands above")


def of_secrets(files: Mapping[str, Path]) -> Iterator[Finding]:
    """Yield which files of secrets others can read, by the settings that are read from them."""
    for name, file in sorted(files.items()):
        if open_to_others(file):
            yield warning(
                "secrets",
                f"{file}, which has {variable(name)}, can be read by others",
                f"chmod 600 {file}",
            )


def open_to_others(file: Path) -> bool:
    """Return whether the group or anybody else has a right to a file."""
    return bool(file.stat().st_mode & (S_IRWXG | S_IRWXO))


def of_calendars() -> Iterator[Finding]:
    """Yield which calendars end this year or have ended."""
    this_year = wall_clock().year
    last_years, ended = ends(this_year)
    _, ending = ends(this_year + 1)
    do = "install a release that knows the years to come (docs/operating/calendars.md)"
    for name in ended:
        yield fault("calendars", f"{name} has ended with {last_years[name]}", do)
    for name in ending:
        if name not in ended:
            yield warning("calendars", f"{name} ends with {last_years[name]}", do)
    if not ending:
        until = min(year for year in last_years.values() if year is not None)
        yield ok("calendars", f"holidays are known until the end of {until} and longer")


def of_python() -> Iterator[Finding]:
    """Yield on which Python this runs."""
    yield ok("python", f"Python {python_version()}")
