"""From where a setting is read: the environment, a file that it names, or a folder of secrets.

`DOCKET_X` is the value itself, `DOCKET_X_FILE` names a file that has it, and `DOCKET_SECRETS_DIR`
names a folder of files called `docket_x`, as systemd, Docker and Kubernetes mount them. A value in
two places is a mistake, for nobody could say which of them counts. No value is ever told.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

PREFIX = "DOCKET_"
SECRETS_DIR = "DOCKET_SECRETS_DIR"
_FILE = "_FILE"


@dataclass(slots=True)
class Given:
    """What is set, by the setting's name; from which files; and a sentence for each mistake."""

    values: dict[str, str] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)


def variable(name: str) -> str:
    """Return the variable of a setting."""
    return PREFIX + name.upper()


def given_by(environment: Mapping[str, str], names: Collection[str]) -> Given:
    """Return what an environment says of the settings with these names; read the files it names."""
    given = Given()
    known = {variable(name): name for name in names}
    for said, value in sorted(environment.items()):
        if not said.startswith(PREFIX) or said == SECRETS_DIR:
            continue
        if said in known:
            given.values[known[said]] = value
        elif said.endswith(_FILE) and (named := said.removesuffix(_FILE)) in known:
            given.files[known[named]] = Path(value)
        else:
            given.mistakes.append(_unknown(said, known))
    for name in sorted(given.values.keys() & given.files.keys()):
        one, other = variable(name), variable(name) + _FILE
        given.mistakes.append(f"{one} and {other} are both set: keep one of them")
    if folder := environment.get(SECRETS_DIR):
        _add_secrets(given, Path(folder), known)
    for name, file in given.files.items():
        try:
            given.values.setdefault(name, _content(file))
        except (OSError, UnicodeDecodeError) as fault:
            given.mistakes.append(f"{variable(name)} is read from {file}: {_why(fault)}")
    return given


def _add_secrets(given: Given, folder: Path, known: Mapping[str, str]) -> None:
    try:
        secrets = sorted(each for each in folder.iterdir() if each.name.startswith(PREFIX.lower()))
    except OSError as fault:
        given.mistakes.append(f"{SECRETS_DIR} names {folder}: {_why(fault)}")
        return
    for secret in secrets:
        said = secret.name.upper()
        if secret.name != secret.name.lower() or said not in known:
            given.mistakes.append(f"{SECRETS_DIR}: {_unknown(said, known)}")
        elif (name := known[said]) in given.values or name in given.files:
            given.mistakes.append(f"{said} is set, and {secret} has it too: keep one of them")
        else:
            given.files[name] = secret


def _content(file: Path) -> str:
    """Return what a file has, without the line break at its end."""
    return file.read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")


def _unknown(said: str, known: Collection[str]) -> str:
    return f"{said} is an unknown setting{''.join(_meant(said, known))}"


def _meant(said: str, known: Collection[str]) -> Iterator[str]:
    names = {each.removeprefix(PREFIX): each for each in known}
    wrong = said.removeprefix(PREFIX).removesuffix(_FILE)
    for name in get_close_matches(wrong, names, n=1, cutoff=0.75):
        yield f"; did you mean {names[name]}?"


def _why(fault: OSError | UnicodeDecodeError) -> str:
    return "it is no UTF-8" if isinstance(fault, UnicodeDecodeError) else str(fault.strerror)
