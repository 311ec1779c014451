"""`docket keys`: make, show and rotate the keys of checkpoints and of tokens."""

from pathlib import Path
from typing import Annotated

import typer

from docket_cli import config, output
from docket_cli.errors import CliError
from docket_cli.installation import key_files
from docket_cli.installation.key_files import ShownKey
from docket_runtime.new_ids import new_id
from docket_runtime.settings import DEVELOPMENT_KID

app = typer.Typer(help="Make, show and rotate the keys of checkpoints and tokens.")
make = typer.Typer(help="Make a pair of keys; a file that is there is never overwritten.")
rotate = typer.Typer(help="Make the next key, and say what comes after it in which order.")
app.add_typer(make, name="make")
app.add_typer(rotate, name="rotate")

Private = Annotated[Path | None, typer.Option(help="Where the private key is made (mode 0600).")]
New = Annotated[Path, typer.Option(help="Where the next private key is made (mode 0600).")]
Lines = Annotated[
    Path | None, typer.Option(help="The public keys, a line each (DOCKET_CHECKPOINT_KEYS).")
]
JwkSet = Annotated[
    Path | None, typer.Option(help="The JWK set of the public keys (DOCKET_JWT_KEYS).")
]
Json = Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")]

CHECKPOINT_STEPS = """\
1. done: {new} is made, and its public line is in {public}.
2. Copy {public} to every machine and to all who verify, and start sla-clock again to read it.
3. Set DOCKET_CHECKPOINT_KEY={new} and start sla-clock again, one instance after the other.
4. docket check --service sla-clock; then docket verify.
5. Destroy the old private key. Its public line stays: what it signed is still checked."""
ISSUER_STEPS = """\
1. done: {new} is made, and its public key {kid} is in {public}.
2. Copy {public} to every machine: ticket-api reads it again by itself, within a second.
3. Let your issuer sign with {new}.
4. Wait as long as a token lives (DOCKET_TOKEN_MINUTES, an hour in production).
5. docket keys retire OLD_KID --public {public}; copy it again; destroy the old private key."""


@make.command("checkpoint")
def make_checkpoint(private: Private = None, public: Lines = None, as_json: Json = False) -> None:
    """Make the key pair of checkpoints: sla-clock signs with the private one, all check.

    Without options the files are those of DOCKET_CHECKPOINT_KEY and DOCKET_CHECKPOINT_KEYS.

    Exit codes: 0 made, 1 a file is there already or cannot be written, 2 the question makes no
    sense.

    Example: docket keys make checkpoint --private checkpoint.pem --public checkpoint.pub
    """
    with output.errors():
        settings = config.settings()
        where = _path(private, settings.checkpoint_key, "--private", "DOCKET_CHECKPOINT_KEY")
        lines = _path(public, settings.checkpoint_keys, "--public", "DOCKET_CHECKPOINT_KEYS")
        _tell_made(key_files.make_checkpoint_key(where, lines), where, lines, as_json)


@make.command("tokens")
def make_tokens(
    private: New,
    public: JwkSet = None,
    development: Annotated[
        bool, typer.Option(help="A key of development, which production refuses.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make the key pair of an issuer of your own: it signs, ticket-api verifies.

    Most installations have an issuer (DOCKET_JWKS_URL) and need none.

    Exit codes: as `docket keys make checkpoint`.

    Example: docket keys make tokens --private issuer.jwk.json --public jwks.json
    """
    with output.errors():
        settings = config.development_settings() if development else config.settings()
        jwks = _path(public, settings.jwt_keys, "--public", "DOCKET_JWT_KEYS")
        kid = f"{DEVELOPMENT_KID}{new_id().hex[:16]}" if development else None
        _tell_made(key_files.make_token_key(private, jwks, kid), private, jwks, as_json)


@app.command("show")
def show(
    files: Annotated[list[Path], typer.Argument(help="Private or public keys, of any kind.")],
    as_json: Json = False,
) -> None:
    """Show the public part and the fingerprint of each key in these files.

    Of a private key nothing else is shown, and nothing is written. `docket checkpoint-key` prints
    the line of DOCKET_CHECKPOINT_KEYS alone.

    Exit codes: 0 shown, 1 a file has no key or cannot be read, 2 the question makes no sense.

    Example: docket keys show checkpoint.pem checkpoint.pub jwks.json
    """
    with output.errors():
        found = [(file, key) for file in files for key in key_files.shown(file)]
        if as_json:
            output.print_json([{"file": str(file), **_fields(key)} for file, key in found])
            return
        for file, key in found:
            output.line(f"{file}: {key.kind}, fingerprint {key.fingerprint}")
            output.line(f"  {key.public}")


@rotate.command("checkpoint")
def rotate_checkpoint(new: New, public: Lines = None, as_json: Json = False) -> None:
    """Make the next key of checkpoints: its public line is known before it signs.

    Exit codes: as `docket keys make checkpoint`.

    Example: docket keys rotate checkpoint --new checkpoint-2027.pem
    """
    with output.errors():
        known = config.settings().checkpoint_keys
        lines = _path(public, known, "--public", "DOCKET_CHECKPOINT_KEYS")
        _must_be_there(lines, "docket keys make checkpoint")
        made = key_files.make_checkpoint_key(new, lines)
        _tell_rotated(made, CHECKPOINT_STEPS.format(new=new, public=lines), as_json)


@rotate.command("tokens")
def rotate_tokens(new: New, public: JwkSet = None, as_json: Json = False) -> None:
    """Make the next key of an issuer of your own: ticket-api knows it before it signs.

    Exit codes: as `docket keys make checkpoint`.

    Example: docket keys rotate tokens --new issuer-2027.jwk.json --public jwks.json
    """
    with output.errors():
        jwks = _path(public, config.settings().jwt_keys, "--public", "DOCKET_JWT_KEYS")
        _must_be_there(jwks, "docket keys make tokens")
        made = key_files.make_token_key(new, jwks)
        steps = ISSUER_STEPS.format(new=new, public=jwks, kid=made.fingerprint)
        _tell_rotated(made, steps, as_json)


# an id is base64url and may begin with a hyphen
@app.command("retire", context_settings={"ignore_unknown_options": True})
def retire(
    kid: Annotated[str, typer.Argument(help="The id of a key of the JWK set.")],
    public: JwkSet = None,
    as_json: Json = False,
) -> None:
    """Take a key out of the JWK set: what it signed is not good any more.

    A key of checkpoints is not retired: its public line stays, for what it has signed.

    Exit codes: 0 taken out, 1 it is not there, or the only one, 2 the question makes no sense.

    Example: docket keys retire OLD_KID --public jwks.json
    """
    with output.errors():
        jwks = _path(public, config.settings().jwt_keys, "--public", "DOCKET_JWT_KEYS")
        left = key_files.retire_token_key(jwks, kid)
        if as_json:
            output.print_json({"retired": kid, "left": left})
        else:
            output.line(f"{kid} is out of {jwks}, which has {left} more")


def _path(given: Path | None, of_settings: str | None, option: str, name: str) -> Path:
    if given is None and of_settings is None:
        raise CliError(f"say {option}, or set {name}")
    return given or Path(str(of_settings))


def _must_be_there(public: Path, first: str) -> None:
    if not public.exists():
        raise CliError(f"{public} is not there: nothing to rotate; the first key: {first}")


def _fields(key: ShownKey) -> dict[str, str]:
    return {"kind": key.kind, "public": key.public, "fingerprint": key.fingerprint}


def _tell_made(made: ShownKey, private: Path, public: Path, as_json: bool) -> None:
    if as_json:
        files = {"private_file": str(private), "public_file": str(public)}
        output.print_json({**files, "public": made.public, "fingerprint": made.fingerprint})
    else:
        output.line(f"{private} is made; its public part is in {public}:")
        output.line(made.public)


def _tell_rotated(made: ShownKey, steps: str, as_json: bool) -> None:
    if as_json:
        told = {"public": made.public, "fingerprint": made.fingerprint}
        output.print_json({**told, "steps": steps.splitlines()})
    else:
        for step in steps.splitlines():
            output.line(step)
