"""Reading a page as a person would: its cells, what its forms hold, its words."""

import re
from html import unescape

CELL = re.compile(r'<td data-(?:clock|field)="([^"]+)">(.*?)</td>')
FIELD = re.compile(r'<input name="([^"]+)"[^>]*? value="([^"]*)"')
CHOICE = re.compile(
    r'<select name="([^"]+)">(?:(?!</select>).)*?<option value="([^"]*)" selected', re.DOTALL
)
DATUM = re.compile(r'data-([a-z-]+)="([^"]*)"')


def shown(page: str) -> dict[str, str]:
    """Return the fields of the state and the clock as the page has them."""
    return {name: unescape(value) for name, value in CELL.findall(page)}


def fields(page: str) -> dict[str, str]:
    """Return what the fields of the forms of a page hold."""
    found = [*FIELD.findall(page), *CHOICE.findall(page)]
    return {name: unescape(value) for name, value in found}


def point(page: str) -> dict[str, str]:
    """Return the point that a page says it shows, as sliders and address take it over."""
    said = page.partition('id="said"')[2].partition(">")[0]
    return {name: unescape(value) for name, value in DATUM.findall(said)}


def words(page: str) -> str:
    """Return the words of a page in one line."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
