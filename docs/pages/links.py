"""Check that what the written pages point at exists.

A link to a file, to a heading of a page, or to a function or class of a module
(`transact.py#CommandHandler.transact`), and a path of this repository that is written as code in
CONTRIBUTING.md or a page of docs/ (decision records apart). Addresses of other hosts are not asked.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

_PAGES = ("*.md", ".github/**/*.md", "docs/**/*.md", "*/README.md", "*/*/README.md")
_LINK = re.compile(r"\]\(([^()\s]+)\)")
_CODE = re.compile(r"`([^`\n]+)`")
_BLOCK = re.compile(r"^(```.*?^```|(?: {4}|\t).*?)$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_PATH = re.compile(
    r"(?:\.github|benchmarks|clients|conformance|data|deploy|docs|libs|migrations|services|tests|tools)"
    r"/[\w./-]+"
)


def broken(house: Path) -> Iterator[str]:
    """Yield a sentence for each link or path that leads nowhere."""
    for page in sorted({page for pattern in _PAGES for page in house.glob(pattern)}):
        text = _BLOCK.sub("", page.read_text(encoding="utf-8"))
        name = page.relative_to(house)
        for link in _LINK.findall(text):
            if ":" not in link and (fault := _fault(page, link)):
                yield f"{name}: {link}: {fault}"
        if _names_paths(name):
            for path in filter(_PATH.fullmatch, _CODE.findall(text)):
                if not (house / path).exists():
                    yield f"{name}: {path}: there is no such path"


def _names_paths(page: Path) -> bool:
    return page.name == "CONTRIBUTING.md" or (
        "docs" in page.parts and "decisions" not in page.parts
    )


def _fault(page: Path, link: str) -> str | None:
    target, _, fragment = link.partition("#")
    file = (page.parent / target).resolve() if target else page
    if not file.exists():
        return "there is no such file"
    if fragment and fragment not in _names(file):
        return "there is nothing of this name in the file"
    return None


@cache
def _names(file: Path) -> frozenset[str]:
    """Return what a link may name in a file: headings, qualified names, or words."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".md":
        return frozenset(map(_anchor, _HEADING.findall(text)))
    if file.suffix == ".py":
        return frozenset(_defined(ast.parse(text)))
    return frozenset(re.findall(r"[\w.-]+", text))


def _anchor(heading: str) -> str:
    """Return the anchor that a heading gets."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def _defined(node: ast.AST, outer: str = "") -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        match child:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield outer + child.name
                yield from _defined(child, f"{outer}{child.name}.")
            case ast.Assign(targets=[ast.Name(name)]) | ast.AnnAssign(target=ast.Name(name)):
                yield outer + name
            case _:
                pass
