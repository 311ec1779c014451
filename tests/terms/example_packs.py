"""The example terms with their worked cases."""

import json
from pathlib import Path

from docket_terms.cases import Case, read_cases
from docket_terms.pack import Pack
from docket_terms.pack_format import read_pack

EXAMPLES = Path(__file__).parents[2] / "examples" / "terms"
NAMES = sorted(each.name for each in EXAMPLES.iterdir() if each.is_dir())


def text_of(name: str) -> str:
    return (EXAMPLES / name / "pack.toml").read_text()


def pack_of(name: str) -> Pack:
    return read_pack(text_of(name), f"{name}/pack.toml")


def cases_of(name: str) -> list[Case]:
    return read_cases(json.loads((EXAMPLES / name / "cases.json").read_text()), pack_of(name))
