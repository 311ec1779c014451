"""Mutations of a module: every small change of its code that a test ought to notice.

mutmut's operators make them, and some of ours: an element less in a table, an alternative less in
a pattern, a condition negated. Left out is what no test should hold: annotations, decorators,
assertions, type aliases, log lines and texts for people.
"""

import difflib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import libcst as cst
import libcst.matchers as m
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider
from mutmut.mutation.mutators import mutation_operators

LOG_METHODS = m.Name("debug") | m.Name("info") | m.Name("warning") | m.Name("exception")
TYPE_MAKERS = m.Name("TypeVar") | m.Name("ParamSpec") | m.Name("NewType") | m.Name("Annotated")
# arguments whose value changes nothing that a test can see, or guards against our own mistakes
INSPECTED = {"strict", "frozen", "slots", "kw_only", "encoding", "repr", "maxsize"}


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change of a module, at a line; `code` is the whole module changed."""

    path: Path
    line: int
    operator: str
    was: str
    becomes: str
    code: str


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a module, and each way to change what begins there."""

    path: Path
    line: int
    changes: tuple[tuple[str, cst.CSTNode, cst.CSTNode], ...]
    module: cst.Module

    def mutation(self, chance: Random) -> Mutation | None:
        """Draw an operator that applies here, then a change of it; None if it changes nothing."""
        operator = chance.choice(sorted({name for name, _, _ in self.changes}))
        _, node, changed = chance.choice([each for each in self.changes if each[0] == operator])
        before = self.module.code
        after = self.module.deep_replace(node, changed).code
        lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
        was = " ".join(line[2:].strip() for line in lines if line.startswith("- "))
        becomes = " ".join(line[2:].strip() for line in lines if line.startswith("+ "))
        return (
            None
            if was == becomes
            else Mutation(self.path, self.line, operator, was, becomes, after)
        )


def _places(path: Path) -> list[Place]:
    """List the lines of a module at which something can be changed."""
    wrapper = MetadataWrapper(cst.parse_module(path.read_text("utf-8")))
    finder = _Changes()
    wrapper.visit(finder)
    return [
        Place(path, line, tuple(changes), wrapper.module)
        for line, changes in sorted(finder.found.items())
    ]


def drawn(folder: Path, chance: Random, sample: int) -> list[Mutation]:
    """Draw lines of a package, each at most once, and a mutation of each."""
    modules = sorted(folder.rglob("*.py"))
    sizes = [len(module.read_text("utf-8")) for module in modules]
    places: dict[Path, list[Place]] = {}
    mutations: list[Mutation] = []
    for module in chance.choices(modules, sizes, k=20 * sample):
        if len(mutations) == sample:
            break
        if module not in places:
            places[module] = _places(module)
            chance.shuffle(places[module])
        if places[module] and (mutation := places[module].pop().mutation(chance)) is not None:
            mutations.append(mutation)
    return mutations


class _Changes(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider, ParentNodeProvider)

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[int, list[tuple[str, cst.CSTNode, cst.CSTNode]]] = {}

    def on_visit(self, node: cst.CSTNode) -> bool:
        parent = self.get_metadata(ParentNodeProvider, node, None)
        if _is_left_out(node, parent):
            return False
        position = self.get_metadata(PositionProvider, node, None)
        if position is not None:
            for name, changed in _changes(node):
                self.found.setdefault(position.start.line, []).append((name, node, changed))
        return True


def _changes(node: cst.CSTNode) -> Iterator[tuple[str, cst.CSTNode]]:
    for kind, operator in (*_OPERATORS, *_OURS):
        if isinstance(node, kind):
            for changed in operator(node):
                if not _is_noise(node, changed):
                    yield operator.__name__.removeprefix("operator_"), changed


def operator_element_removal(
    node: cst.Set | cst.Tuple | cst.List | cst.Dict,
) -> Iterable[cst.CSTNode]:
    """Leave out one element of a table."""
    if len(node.elements) > 1:
        for number in range(len(node.elements)):
            left = [*node.elements[:number], *node.elements[number + 1 :]]
            if len(left) == 1 and isinstance(node, cst.Tuple):
                left = [left[0].with_changes(comma=cst.Comma())]
            yield node.with_changes(elements=left)


def operator_alternative_removal(node: cst.MatchOr) -> Iterable[cst.CSTNode]:
    """Leave out one alternative of a pattern."""
    for number in range(len(node.patterns)):
        left = [*node.patterns[:number], *node.patterns[number + 1 :]]
        left[-1] = left[-1].with_changes(separator=cst.MaybeSentinel.DEFAULT)
        yield left[0].pattern if len(left) == 1 else node.with_changes(patterns=left)


def operator_condition_negated(node: cst.If | cst.While) -> Iterable[cst.CSTNode]:
    """Take the other branch."""
    test = node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    yield node.with_changes(test=cst.UnaryOperation(cst.Not(), test))


# `name = None` breaks whatever reads the name
_OPERATORS = [each for each in mutation_operators if each[0] not in (cst.Assign, cst.AnnAssign)]
_OURS: list[tuple[Any, Callable[[Any], Iterable[cst.CSTNode]]]] = [
    (cst.Set | cst.Tuple | cst.List | cst.Dict, operator_element_removal),
    (cst.MatchOr, operator_alternative_removal),
    (cst.If | cst.While, operator_condition_negated),
]

# given None in their place, the call fails in any test that reaches it
_CRASHES = m.GeneratorExp() | m.ListComp() | m.SetComp() | m.Lambda() | m.Name("self")
_CALLS_LEFT_OUT = (
    m.Call(func=m.Attribute(attr=LOG_METHODS))
    | m.Call(func=TYPE_MAKERS | m.Name("assert_never") | m.Name("cast"))
    | m.Call(func=m.Name("isinstance") | m.Name("len"))
)


def _is_left_out(node: cst.CSTNode, parent: cst.CSTNode | None) -> bool:
    if isinstance(parent, cst.ClassDef) and isinstance(node, cst.Arg):
        return True  # bases and class options
    if isinstance(parent, cst.CompFor | cst.For) and node is parent.target:
        return True
    match node:
        case cst.Annotation() | cst.Decorator() | cst.Import() | cst.ImportFrom() | cst.Assert():
            return True
        case cst.AssignTarget() | cst.FormattedString() | cst.ConcatenatedString():
            return True
        case cst.FunctionDef():
            return node.name.value == "__repr__"
        case cst.If():
            return m.matches(node.test, m.Name("TYPE_CHECKING"))
        case cst.Call():
            return m.matches(node, _CALLS_LEFT_OUT)
        case cst.Arg():
            return node.keyword is not None and node.keyword.value in INSPECTED
        case cst.Assign():
            target = node.targets[0].target
            return _is_type(node.value) or m.matches(
                target, m.Name("__all__") | m.Name("__slots__")
            )
        case cst.SimpleString():
            return _is_prose(node)
    return False


def _is_type(value: cst.CSTNode) -> bool:
    """Whether a value is a type alias: a name in capitals and small letters, a union, a Literal."""
    if isinstance(value, cst.BinaryOperation) and isinstance(value.operator, cst.BitOr):
        return _is_type(value.left) or _is_type(value.right)
    if isinstance(value, cst.Subscript | cst.Attribute):
        return _is_type(value.value if isinstance(value, cst.Subscript) else value.attr)
    if isinstance(value, cst.Call):
        return m.matches(value.func, TYPE_MAKERS)
    return isinstance(value, cst.Name) and value.value[:1].isupper() and not value.value.isupper()


def _is_noise(node: cst.CSTNode, changed: cst.CSTNode) -> bool:
    """Whether every test would notice a change, because the module breaks, or none should."""
    match node, changed:
        case cst.SimpleString(), cst.SimpleString():
            return "XX" not in changed.value  # one change of a text is enough
        case cst.Match(), cst.Match():
            dropped = [case for case in node.cases if case not in changed.cases]
            return any(m.findall(case, m.Call(func=m.Name("assert_never"))) for case in dropped)
        case cst.Call(), cst.Call():
            less = [arg for arg in node.args if arg not in changed.args]
            positional_removed = len(changed.args) < len(node.args) and less[0].keyword is None
            return positional_removed or any(_is_unseen(arg) for arg in less)
    return False


def _is_unseen(arg: cst.Arg) -> bool:
    inspected = arg.keyword is not None and arg.keyword.value in INSPECTED
    return inspected or m.matches(arg.value, _CRASHES) or _is_prose(arg.value)


def _is_prose(node: cst.CSTNode) -> bool:
    if isinstance(node, cst.SimpleString):
        return " " in node.value or node.value[-3:] in {'"""', "'''"}
    return isinstance(node, cst.FormattedString | cst.ConcatenatedString)
