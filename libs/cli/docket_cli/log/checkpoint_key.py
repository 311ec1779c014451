"""`docket checkpoint-key`: the public key of a private one, for those who verify."""

from pathlib import Path
from typing import Annotated

import typer

from docket_cli import output
from docket_cli.errors import CliError
from docket_runtime.proof.keys import read_signer


def checkpoint_key(
    private: Annotated[Path, typer.Argument(help="The private key (Ed25519, PEM).", exists=True)],
) -> None:
    """Print the public key of a private one, as DOCKET_CHECKPOINT_KEYS has it on a line.

    Exit codes: 0 it is printed, 1 the file has no such key, 2 there is no such file.

    Example: docket checkpoint-key checkpoint.pem >> checkpoint.pub
    """
    with output.errors():
        try:
            public = read_signer(private).verifier
        except (ValueError, OSError) as error:
            raise CliError(f"{private}: {error}") from error
    output.out.print(str(public), markup=False, highlight=False, soft_wrap=True)
