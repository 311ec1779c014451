"""Every type of event has a way in, and somebody who minds it: none waits for what never comes.

A way in is code that makes the event; minding it is a `match` arm, an `isinstance` or a list of
types outside of where it is defined, whose effect is not to ignore it.
"""

import ast
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest

from docket_events.codec import EVENT_TYPES

ROOT = Path(__file__).parents[3]

READ_ONLY: Mapping[str, str] = {}
"""The events that nothing here makes any more, and why they are still read."""

ONLY_SHOWN: Mapping[str, str] = {
    "InternalNoteAdded": "a note is for the people who read the history",
}
"""The events that move nothing: they are in the history for those who read it, and why."""


@cache
def trees() -> Mapping[str, ast.Module]:
    return {
        file.relative_to(ROOT).as_posix(): ast.parse(file.read_text(encoding="utf-8"))
        for room in ("libs", "services")
        for file in sorted((ROOT / room).rglob("*.py"))
    }


def makers_of(type_name: str) -> list[str]:
    return [file for file, tree in trees().items() if type_name in called(tree)]


def minders_of(type_name: str) -> list[str]:
    return [file for file, tree in trees().items() if type_name in minded(tree)]


@cache
def called(tree: ast.Module) -> frozenset[str]:
    return frozenset(
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    )


@cache
def minded(tree: ast.Module) -> frozenset[str]:
    return frozenset(_minded(tree))


def _minded(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.match_case(pattern=pattern, body=body) if not _ignores(body):
                yield from _classes(pattern)
            case ast.Call(func=ast.Name(id="isinstance"), args=[_, kinds]):
                yield from _names(kinds)
            case ast.Assign(value=ast.Tuple() as kinds):
                yield from _names(kinds)
            case ast.Dict(values=values):
                yield from (name for value in values for name in _names(value))


def _ignores(body: list[ast.stmt]) -> bool:
    """Whether an arm gives back what it got, as the fold does with what changes nothing."""
    return [ast.unparse(line) for line in body] in (["return ticket"], ["pass"], ["return"])


def _classes(pattern: ast.AST) -> Iterator[str]:
    for node in ast.walk(pattern):
        if isinstance(node, ast.MatchClass):
            yield from _names(node.cls)


def _names(node: ast.AST) -> Iterator[str]:
    return (each.id for each in ast.walk(node) if isinstance(each, ast.Name))


@pytest.mark.parametrize("type_name", EVENT_TYPES)
def test_every_event_can_come_into_a_log(type_name: str) -> None:
    assert bool(makers_of(type_name)) is (type_name not in READ_ONLY), makers_of(type_name)


@pytest.mark.parametrize("type_name", EVENT_TYPES)
def test_every_event_is_minded_by_something(type_name: str) -> None:
    assert bool(minders_of(type_name)) is (type_name not in ONLY_SHOWN), minders_of(type_name)


def test_what_is_excepted_is_an_event_and_says_why() -> None:
    excepted = {**READ_ONLY, **ONLY_SHOWN}
    assert excepted.keys() <= EVENT_TYPES.keys()
    assert all(excepted.values())
