"""The sheets of the whole project: contrast, direction, weight. Recomputed from the files that are served."""

import re
from pathlib import Path

import pytest

from maristan.config import runtime

SOURCES = runtime.ROOT / "src" / "maristan"
UI = SOURCES / "core" / "ui" / "static" / "ui"
SHEETS = sorted(SOURCES.rglob("static/**/*.css"))
GROUNDS = ("ground", "surface", "row")
TEXT = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in (*GROUNDS, "sunken", "accent-soft")),
    *((colour, ground) for colour in ("accent", "crit", "warn", "ok", "info") for ground in GROUNDS),
    *((colour, f"{colour}-soft") for colour in ("crit", "warn", "ok", "info")),
    *(("accent-2", ground) for ground in ("accent-soft", "surface")),
    *(("on-accent", "accent"), ("on-accent", "accent-2"), ("on-crit", "crit")),
    *((f"on-tri-{letter}", f"tri-{letter}") for letter in "ryg"),
    *((ink, ground) for ink in ("bar-ink", "bar-ink-2") for ground in ("bar", "bar-on")),
]
SHAPES = [
    *(("line-2", ground) for ground in GROUNDS),
    *(("focus", ground) for ground in GROUNDS),
    *(("bar-edge", "bar"), ("bar-mark", "bar"), ("bar-mark", "bar-on")),
]


def tokens(theme: str) -> dict[str, str]:
    sheet = (UI / "tokens.css").read_text()
    light, dark = (
        dict(re.findall(r"--m-([\w-]+):(#\w+)", re.search(rf"^{opening}\{{(.*?)^\}}", sheet, re.M | re.S)[1]))
        for opening in (r":root", r"\[data-bs-theme=dark\]")
    )
    return light if theme == "light" else dark


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_contrast_is_computed_as_wcag_says():
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#777777", "#ffffff"), 2) == 4.48


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (SHAPES, 3)], ids=["text", "shapes"])
def test_every_pair_of_colours_is_readable(theme, pairs, least):
    found = tokens(theme)
    weak = {pair: round(contrast(*(found[name] for name in pair)), 2) for pair in pairs}
    assert {pair: value for pair, value in weak.items() if value < least} == {}


def test_both_themes_name_the_same_colours():
    light, dark = tokens("light"), tokens("dark")
    assert set(light) == set(dark)
    assert len(light) == 40
    same = {name for name in light if light[name] == dark[name]}
    assert same <= {"bar-mark", "tri-y", "on-tri-y", "on-crit"}


PHYSICAL = re.compile(
    r"(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)"
    r"|(?<![\w-])(?:left|right|float)\s*:(?!none)|text-align\s*:\s*(?:left|right)|to (?:left|right)"
    r"|border-(?:top|bottom)-(?:left|right)-radius"
)


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_sheet_knows_no_left_nor_right(sheet: Path):
    text = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S)
    assert PHYSICAL.findall(text) == []


def test_the_check_of_directions_can_fail():
    for fault in (
        "margin-left:1px",
        "a{left:0}",
        "a{ text-align: right }",
        "linear-gradient(to right,red)",
        "float:left",
    ):
        assert PHYSICAL.search(fault), fault
    assert not PHYSICAL.search("margin-inline:1px;inset-inline-start:0;text-align:start")


def test_a_citizen_loads_little():
    weight = sum((UI / name).stat().st_size for name in ("tokens.css", "citizen.css"))
    assert weight < 15_000


def test_no_sheet_or_script_of_ours_fetches_anything():
    for path in (*SHEETS, *SOURCES.rglob("static/**/*.js")):
        assert not re.search(r"@import|url\(\s*['\"]?(?!data:)\w+:", path.read_text()), path.name


def test_every_class_of_a_badge_has_a_colour_in_both_sheets():
    for name in ("maristan.css", "citizen.css"):
        for word in ("crit", "warn", "ok"):
            assert f".m-b.{word}{{color:var(--m-{word})" in (UI / name).read_text()
