"""The shape of the house: what import-linter cannot see. Mend the code, not these tests."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

from maristan.config import runtime

SOURCES = runtime.ROOT / "src" / "maristan"
AREAS = {area: runtime.ROOT / "src" / area.replace(".", "/") for area in settings.AREAS}
FILES = {
    *(
        "README.md",
        "__init__.py",
        "apps.py",
        "enums.py",
        "signals.py",
        "rules.py",
        "models.py",
        "queries.py",
        "fhir.py",
    ),
    *("tasks.py", "services.py", "forms.py", "views.py", "api.py", "admin.py", "receivers.py", "hooks.py", "demo.py"),
    *("urls.py", "templates", "migrations", "locale", "static", "templatetags", "commands.py", "middleware.py"),
    *("registries.py", "context.py", "clock.py"),
}
SPLIT = {"models", "queries", "services", "forms", "views", "fhir", "rules", "demo"}
STAIR = ["maristan.core", "maristan.records", "maristan.care", "maristan.insight", "maristan.config"]
REASONS = {"startup", "cycle", "optional", "heavy"}


def own_files(pattern: str) -> list[Path]:
    return [
        path for path in SOURCES.rglob(pattern) if "migrations" not in path.parts and "__pycache__" not in path.parts
    ]


def rank(area: str) -> tuple[int, int]:
    """How high an area stands: its step, then its place in settings.AREAS (lower first)."""
    step = next(number for number, name in enumerate(STAIR) if area.startswith(name))
    return step, settings.AREAS.index(area)


def area_of(path: Path) -> str | None:
    return next((area for area, folder in AREAS.items() if folder in path.parents), None)


def test_imports_go_down_the_stair():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache"], cwd=runtime.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_no_foreign_key_climbs_the_stair():
    own = [config for config in apps.get_app_configs() if config.name in AREAS]
    climbs = [
        f"{model._meta.label}.{field.name}"
        for config in own
        for model in config.get_models()
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and field.related_model
        and field.related_model._meta.app_config.name in AREAS
        and rank(field.related_model._meta.app_config.name) > rank(config.name)
    ]
    assert climbs == []


def test_templates_include_only_their_own_area_or_the_interface():
    tag = re.compile(r"{%\s*(?:include|extends)\s+[\"']([^\"']+)[\"']")
    strangers = []
    for path in own_files("*.html"):
        area = area_of(path)
        for name in tag.findall(path.read_text()):
            owner = area_of(Path(get_template(name).origin.name))
            if owner not in (area, "maristan.core.ui"):
                strangers.append(f"{path.relative_to(SOURCES)} includes {name}")
    assert strangers == []


def test_addresses_in_templates_never_climb():
    spaces = {area.rsplit(".")[-1]: area for area in AREAS}
    tag = re.compile(r"{%\s*url\s+[\"'](\w+):")
    climbs = [
        f"{path.relative_to(SOURCES)} points to {space}"
        for path in own_files("*.html")
        for space in tag.findall(path.read_text())
        if space in spaces and rank(spaces[space]) > rank(area_of(path))
    ]
    assert climbs == []


def patterns(resolver: URLResolver | None = None) -> list[URLPattern]:
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        found += patterns(entry) if isinstance(entry, URLResolver) else [entry]
    return found


def test_every_view_has_a_rule_or_opts_out_by_name():
    named = settings.PUBLIC_VIEWS | settings.SIGNED_IN_VIEWS
    bare = [
        str(pattern.name or pattern.pattern)
        for pattern in patterns()
        if not hasattr(pattern.callback, "access_rule") and pattern.name not in named
    ]
    assert bare == []


@pytest.mark.parametrize("area", settings.AREAS)
def test_an_area_has_a_readme_and_known_files_only(area):
    folder = AREAS[area]
    names = {path.name for path in folder.iterdir() if path.name != "__pycache__"}
    assert "README.md" in names
    assert names - FILES - SPLIT == set()
    for name in names & SPLIT:
        assert not (folder / f"{name}.py").exists(), f"{name} is both a file and a folder"


def test_no_file_is_longer_than_500_lines():
    files = [*own_files("*.py"), *(runtime.ROOT / "tests").rglob("*.py"), *(runtime.ROOT / "benchmarks").rglob("*.py")]
    assert [str(path) for path in files if len(path.read_text().splitlines()) > 500] == []


def test_no_function_is_longer_than_50_lines():
    long = [
        f"{path.relative_to(SOURCES)}:{node.name} {node.end_lineno - node.lineno + 1}"
        for path in own_files("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.lineno >= 50
    ]
    assert long == []


def test_no_drawer_without_a_name():
    drawers = {"utils", "common", "helpers", "misc"}
    assert [str(path) for path in own_files("*") if path.stem in drawers] == []


def test_an_inline_import_says_why():
    silent = []
    for path in own_files("*.py"):
        lines = path.read_text().splitlines()
        for node in ast.walk(ast.parse("\n".join(lines))):
            if not isinstance(node, ast.FunctionDef):
                continue
            for inner in ast.walk(node):
                if isinstance(inner, ast.Import | ast.ImportFrom):
                    reason = re.search(r"#(?: noqa: PLC0415)? ?(\w+):", lines[inner.lineno - 1])
                    if not reason or reason[1] not in REASONS:
                        silent.append(f"{path.relative_to(SOURCES)}:{inner.lineno}")
    assert silent == []


def test_areas_are_listed_from_lower_to_upper():
    assert [rank(area)[0] for area in settings.AREAS] == sorted(rank(area)[0] for area in settings.AREAS)
