"""The templates of letters: ours by language, and those of a folder that stand in their place.

All are checked when they are loaded: a file of another name, a mistake of writing and a value that
letters do not have are refused with file and line.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, StrictUndefined, TemplateSyntaxError, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from docket_events.told import NOTICE_KINDS
from notifier.letter_language import Language, Reader, end, instant, read_words
from notifier.letter_names import NAMES

USER, DESK, PAGE, WORDS = "user.txt", "agents.txt", "page.html", "words.toml"
_FRAME = {"headline", "body"}
_OF_PAGE = {"title", "paragraphs", "language"}
_LANGUAGE, _ZONE = "_language", "_zone"
_OURS = files(__package__) / "templates"


class BadLetters(ValueError):
    """Templates that no letter can be made of: the text names each file, its line and why."""


class Templates:
    """The templates of every language, by the paths that they have below the folder."""

    def __init__(self, sources: Mapping[str, str], languages: Mapping[str, Language]) -> None:
        self.languages = languages
        self._texts = _environment(sources, escaping=False)
        self._pages = _environment(sources, escaping=True)

    def text(self, name: str, reader: Reader, values: Mapping[str, Any]) -> str:
        """Return a template of plain text filled with values; raise jinja2's TemplateError."""
        beside = {_LANGUAGE: self.languages[reader.language], _ZONE: reader.zone}
        return self._texts.get_template(f"{reader.language}/{name}").render({**values, **beside})

    def page(self, title: str, language: str, paragraphs: Sequence[Markup]) -> str:
        """Return the page around the paragraphs of a letter."""
        values = {"title": title, "language": language, "paragraphs": paragraphs}
        return self._pages.get_template(PAGE).render(values)


def names_of(language: str) -> Iterator[str]:
    """Yield the paths of the templates that a language has."""
    yield from (f"{language}/{name}" for name in (WORDS, USER, DESK))
    yield from (f"{language}/{kind}.txt" for kind in NOTICE_KINDS)


@cache
def our_templates() -> Templates:
    """Return the templates that come with Docket."""
    return _checked(_ours())


def templates_of(folder: str | None) -> Templates:
    """Return our templates with those of a folder (`DOCKET_LETTERS`) in their place.

    Raise BadLetters that names every fault.
    """
    ours = _ours()
    if folder is None:
        return _checked(ours)
    place = Path(folder)
    if not place.is_dir():
        raise BadLetters(f"DOCKET_LETTERS: {folder} is no folder")
    theirs = {
        path.relative_to(place).as_posix(): path
        for path in sorted(place.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }
    if unknown := [f"{name}: no letter has this file" for name in theirs if name not in ours]:
        raise BadLetters("; ".join(unknown))
    try:
        read = {name: path.read_text(encoding="utf-8") for name, path in theirs.items()}
    except (OSError, UnicodeError) as fault:
        raise BadLetters(f"DOCKET_LETTERS cannot be read: {fault}") from None
    return _checked({**ours, **read})


def linked(paragraph: str, link: str | None) -> Markup:
    """Return a paragraph as HTML, in which the ticket's own address is a link and nothing else."""
    if not link:
        return escape(paragraph)
    anchor = Markup('<a href="{0}">{0}</a>').format(link)
    return anchor.join(escape(part) for part in paragraph.split(link))


def _ours() -> dict[str, str]:
    languages = sorted(each.name for each in _OURS.iterdir() if each.is_dir())
    names = [PAGE, *(name for language in languages for name in names_of(language))]
    return {name: (_OURS / name).read_text(encoding="utf-8") for name in names}


def _checked(sources: Mapping[str, str]) -> Templates:
    languages, faults = dict[str, Language](), list[str]()
    for path, source in sources.items():
        language, _, name = path.rpartition("/")
        if name == WORDS:
            try:
                languages[language] = Language(language, read_words(source))
            except ValueError as wrong:
                faults.append(f"{path}: {wrong}")
        else:
            faults += (f"{path}, line {line}: {why}" for line, why in _faults(name, source))
    if faults:
        raise BadLetters("; ".join(faults))
    return Templates(sources, languages)


def _faults(name: str, source: str) -> Iterator[tuple[int, str]]:
    known = _OF_PAGE if name == PAGE else {*NAMES, *(_FRAME if name in (USER, DESK) else ())}
    made = _environment({}, escaping=name == PAGE)
    try:
        tree = made.parse(source)
        made.compile(source)
    except TemplateSyntaxError as wrong:
        yield wrong.lineno, str(wrong.message)
        return
    named = list(tree.find_all(nodes.Name))
    own = {each.name for each in named if each.ctx != "load"}
    for each in named:
        if each.ctx == "load" and each.name not in known | own | made.globals.keys():
            yield each.lineno, f"there is no value {each.name}"


def _environment(sources: Mapping[str, str], *, escaping: bool) -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        loader=DictLoader(sources), autoescape=escaping, undefined=StrictUndefined
    )
    made.filters |= {"instant": _instant, "end": _end, "word": _word, "sentence": _sentence}
    return made


@pass_context
def _instant(context: Context, at: datetime) -> str:
    return instant(at, context[_LANGUAGE], context[_ZONE])


@pass_context
def _end(context: Context, at: datetime) -> str:
    return end(at, context[_LANGUAGE], context[_ZONE])


@pass_context
def _word(context: Context, name: str) -> str:
    return str(context[_LANGUAGE].word(str(name)))


@pass_context
def _sentence(context: Context, says: str) -> str:
    return str(context[_LANGUAGE].sentence(says))
