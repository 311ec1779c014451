"""A bar chart (SVG): groups along the axis, one colour for each series."""

from collections.abc import Mapping, Sequence

from docket_events.characters import xml_escaped

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 960, 360, 60, 56, 64
COLOURS = ("#2b6cb0", "#c05621", "#2f855a", "#6b46c1")
INK, QUIET = "#1a202c", "#718096"


def bars(title: str, groups: Sequence[str], series: Mapping[str, Sequence[int]]) -> str:
    """Return a picture with a bar for each group and series; its number is shown on hover.

    Raise ValueError unless every series has one number for each group.
    """
    if any(len(numbers) != len(groups) for numbers in series.values()):
        raise ValueError("every series has one number a group")
    most = max((n for numbers in series.values() for n in numbers), default=0) or 1
    room = (WIDTH - LEFT - 20) / max(len(groups), 1)
    wide = min(48.0, room * 0.8 / max(len(series), 1))
    body = [_text(LEFT, 22, title, INK, 15)]
    for place, name in enumerate(series):
        x = LEFT + place * 220
        body.append(_box(x, 32, 12, 12, COLOURS[place % len(COLOURS)], name))
        body.append(_text(x + 18, 42, name, INK))
    for share in (0.0, 0.5, 1.0):
        y = _y(most * share, most)
        body.append(f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH - 20}" y2="{y}" stroke="#e2e8f0"/>')
        body.append(_text(8, y + 4, f"{most * share:,.0f}", QUIET))
    every = -(-len(groups) // 16)  # more names than that would overlap
    for place, group in enumerate(groups):
        left = LEFT + place * room + (room - wide * len(series)) / 2
        for n, (name, numbers) in enumerate(series.items()):
            y = _y(numbers[place], most)
            told = f"{group}, {name}: {numbers[place]:,}"
            tall = HEIGHT - BOTTOM - y
            body.append(_box(left + n * wide, y, wide * 0.92, tall, COLOURS[n % 4], told))
        if place % every == 0:
            body.append(_text(LEFT + place * room, HEIGHT - BOTTOM + 18, group, INK))
    inside = "\n".join(body)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}"'
        f' height="{HEIGHT}" role="img" font-family="sans-serif" font-size="12">\n'
        f"<title>{xml_escaped(title)}</title>\n"
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>\n{inside}\n</svg>\n'
    )


def _y(number: float, most: int) -> float:
    return round(HEIGHT - BOTTOM - number / most * (HEIGHT - TOP - BOTTOM), 2)


def _box(x: float, y: float, wide: float, tall: float, colour: str, told: str) -> str:
    return (
        f'<rect x="{round(x, 2)}" y="{y}" width="{round(wide, 2)}" height="{round(tall, 2)}"'
        f' fill="{colour}"><title>{xml_escaped(told)}</title></rect>'
    )


def _text(x: float, y: float, said: str, colour: str, size: int = 12) -> str:
    told = xml_escaped(said)
    return f'<text x="{round(x, 2)}" y="{y}" fill="{colour}" font-size="{size}">{told}</text>'
