"""The catalogues of words: each area carries its own (`<area>/locale/<language>/LC_MESSAGES/django.po`).

Extracted and compiled with Babel: no gettext needed on the machine. Message ids are English; French and Arabic are
translated in the area's catalogue. A string no speaker has reviewed keeps Babel's `fuzzy`-free comment `# unreviewed`.
"""

from io import BytesIO, StringIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

SOURCES = Path(__file__).resolve().parents[1]
TRANSLATED = ("fr", "ar")
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def areas() -> list[Path]:
    """Folders that carry a catalogue: every area, and `config`."""
    return [SOURCES / "config", *sorted(path.parent for path in SOURCES.glob("*/*/apps.py"))]


def extract_messages(area: Path) -> Catalog:
    """Every marked string of an area's Python files and templates."""
    catalog = Catalog(charset="utf-8")
    for path in sorted([*area.rglob("*.py"), *area.rglob("*.html"), *area.rglob("*.txt")]):
        if "migrations" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            text = templatize(text)
        place = path.relative_to(area).as_posix()
        for _line, message, comments, context in extract("python", BytesIO(text.encode()), KEYWORDS, ["Translators:"]):
            catalog.add(message, locations=[(place, None)], auto_comments=comments, context=context)
    return catalog


def update_catalogues(area: Path) -> None:
    """Bring an area's .po files up to date with its sources; translations are kept, unused ones leave."""
    found = extract_messages(area)
    for language in TRANSLATED:
        path = area / "locale" / language / "LC_MESSAGES" / "django.po"
        existing = _read(path, language)
        if not len(found) and not path.exists():
            continue
        existing.update(found, no_fuzzy_matching=True)
        existing.obsolete.clear()
        path.parent.mkdir(parents=True, exist_ok=True)
        out = BytesIO()
        write_po(out, existing, width=110, omit_header=False, sort_output=True)
        lines = out.getvalue().decode().splitlines()
        path.write_text("\n".join(line for line in lines if not line.startswith(_DATES)) + "\n", encoding="utf-8")


def compile_catalogues() -> int:
    """Write the .mo files that Django reads; returns how many."""
    paths = list(SOURCES.rglob("LC_MESSAGES/django.po"))
    for path in paths:
        out = BytesIO()
        write_mo(out, _read(path, path.parents[1].name))
        path.with_suffix(".mo").write_bytes(out.getvalue())
    return len(paths)


_DATES = (
    '"POT-Creation-Date',
    '"PO-Revision-Date',
    '"Last-Translator',
    '"Language-Team',
    '"Generated-By',
    '"Report-Msgid-Bugs-To',
    '"Project-Id-Version',
)


def _read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    return read_po(StringIO(path.read_text(encoding="utf-8")), locale=language)
