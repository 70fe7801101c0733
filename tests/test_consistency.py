"""House rules that a machine can check: words, templates, settings, documents."""

import re
from io import StringIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from maristan.config import messages, runtime

SOURCES = runtime.ROOT / "src" / "maristan"
CATALOGUES = [(area, language) for area in messages.areas() for language in messages.TRANSLATED]
ARABIC = re.compile("[\u0600-\u06ff]")
SAME_IN_ARABIC = {"Maristan", "NEWS2", "PDF", "CSV", "FHIR", "JSON", "TOTP", "%(percent)s %%"}


def catalogue(area: Path, language: str):
    path = area / "locale" / language / "LC_MESSAGES" / "django.po"
    return read_po(StringIO(path.read_text()), locale=language) if path.exists() else None


def texts(message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


@pytest.mark.parametrize(("area", "language"), CATALOGUES, ids=lambda value: getattr(value, "name", value))
def test_every_string_is_translated(area, language):
    wanted = {(message.id, message.context) for message in messages.extract_messages(area) if message.id}
    found = catalogue(area, language)
    have = {
        (message.id, message.context)
        for message in found or []
        if message.id and all(text.strip() for text in texts(message)) and not message.fuzzy
    }
    assert sorted(map(str, wanted - have)) == []


@pytest.mark.parametrize("area", messages.areas(), ids=lambda area: area.name)
def test_arabic_is_written_in_arabic(area):
    odd = [
        message.id
        for message in catalogue(area, "ar") or []
        if message.id
        and message.id not in SAME_IN_ARABIC
        and re.search(r"[a-zA-Z]{3}", re.sub(r"%\(\w+\)\w|{\w*}|<[^>]*>", "", str(message.id)))
        and not all(ARABIC.search(text) for text in texts(message))
    ]
    assert odd == []


@pytest.mark.parametrize(("area", "language"), CATALOGUES, ids=lambda value: getattr(value, "name", value))
def test_translations_keep_their_placeholders(area, language):
    hole = re.compile(r"%\(\w+\)[sd]|{\w+}")
    broken = []
    for message in catalogue(area, language) or []:
        if not message.id:
            continue
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        allowed = {name for text in ids for name in hole.findall(text)}
        needed = set(hole.findall(ids[0])) if isinstance(message.id, str) else set()
        for text in texts(message):
            names = set(hole.findall(text))
            if names - allowed or needed - names:
                broken.append(ids[0])
    assert broken == []


@pytest.mark.parametrize("language", messages.TRANSLATED)
def test_one_word_has_one_translation(language):
    """All areas share one domain: two translations of one id would replace each other at random."""
    found: dict[tuple, dict] = {}
    for area in messages.areas():
        for message in catalogue(area, language) or []:
            if message.id:
                said = found.setdefault((str(message.id), message.context), {})
                said.setdefault(str(message.string), []).append(area.name)
    assert {key[0]: said for key, said in found.items() if len(said) > 1} == {}


def test_every_template_is_used():
    code = "\n".join(path.read_text() for pattern in ("*.py", "*.html") for path in SOURCES.rglob(pattern))
    unused = []
    for path in SOURCES.rglob("templates/**/*.html"):
        name = path.as_posix().split("/templates/")[1]
        framework = name.split("/")[0] in ("account", "mfa", "allauth") or name in ("403.html", "404.html", "500.html")
        if not framework and f'"{name}"' not in code and f"'{name}'" not in code:
            unused.append(name)
    assert unused == []


def test_every_setting_from_the_environment_is_documented():
    names = set()
    for path in SOURCES.rglob("*.py"):
        names |= set(re.findall(r"environ(?:\.get\(|\.setdefault\(|\[)\s*\"([A-Z_]+)\"", path.read_text()))
        names |= set(re.findall(r"dj_database_url\.config\(\"([A-Z_]+)\"", path.read_text()))
    names -= {"PATH", "DJANGO_SETTINGS_MODULE"}
    documented = set(re.findall(r"^\| `([A-Z_]+)`", (runtime.ROOT / "docs/operate/settings.md").read_text(), re.M))
    assert names == documented


def test_templates_hold_no_inline_style_or_script():
    bad = re.compile(r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\ssrc=)", re.IGNORECASE)
    found = [path.relative_to(SOURCES).as_posix() for path in SOURCES.rglob("*.html") if bad.search(path.read_text())]
    assert found == []


def test_nothing_reaches_outside():
    outside = re.compile(r"(?:src|href|url)\s*[=(]\s*[\"']?(?:https?:)?//(?!localhost)")
    files = [*SOURCES.rglob("*.html"), *SOURCES.rglob("*.css"), *SOURCES.rglob("static/**/*.js")]
    allowed = "www.openstreetmap.org"  # the attribution that the ODbL asks for, a link and not a resource
    found = [
        path.relative_to(SOURCES).as_posix()
        for path in files
        if any(allowed not in line for line in path.read_text().splitlines() if outside.search(line))
    ]
    assert found == []


def test_locked_files_hold_hashes_and_no_address():
    for path in (*(runtime.ROOT / "requirements").glob("*.txt"), runtime.ROOT / "package-lock.json"):
        text = path.read_text()
        assert "://" not in re.sub(r"\"(?:url|funding|homepage)\": \"[^\"]*\"", "", text), path.name
    assert (runtime.ROOT / "requirements/base.txt").read_text().count("--hash=sha256:") > 50


def test_decisions_are_short():
    for path in (runtime.ROOT / "docs" / "adr").glob("*.md"):
        assert len(path.read_text().split()) < 400, path.name


def test_languages_have_formats():
    folder = SOURCES / "config" / "formats"
    assert {code.split("-")[0] for code, _name in settings.LANGUAGES} == {
        path.name[:2] for path in folder.glob("*/") if not path.name.startswith("__")
    }
