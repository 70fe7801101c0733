"""Whatever a file holds, the answer is rows and problems in words: no other error, and nothing half-written."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maristan.core.territory.models import Establishment, Service
from maristan.core.territory.services import LoadRefused, load_files
from maristan.core.territory.services.cells import clean, hours
from maristan.core.territory.services.parsing import read_files
from maristan.core.territory.services.problems import CellRefused
from maristan.core.territory.services.tables import ESTABLISHMENTS, SERVICES

HEADINGS = [column.name for table in (ESTABLISHMENTS, SERVICES) for column in table.columns]
CELLS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(["eph", "25", "2506", "36.3", "6.6", "24/7", "=1+1", "\x00", "x-1", "x-2", "04/04/2026", "1e400"]),
)
TABLES = st.tuples(
    st.lists(st.sampled_from(HEADINGS), min_size=1, max_size=6), st.lists(st.lists(CELLS, max_size=7), max_size=5)
)
START = st.sampled_from(
    [b"", b"PK\x03\x04", b"\xff\xfe", b"\xd0\xcf\x11\xe0", b"{", b"[", b"code,kind\n", b"\xef\xbb\xbf"]
)

LEAVES = st.none() | st.booleans() | st.floats() | st.text(max_size=10)
JSON = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner), max_leaves=10)


@given(START, st.binary(max_size=200))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_answered_in_words(start, rest):
    reading = read_files([("file", start + rest)])
    assert reading.rows or reading.problems
    assert all(problem.what and problem.remedy for problem in reading.problems)


@given(JSON)
@settings(max_examples=80, deadline=None)
def test_any_json_is_answered_in_words(value):
    reading = read_files([("file.json", json.dumps(value).encode())])
    assert reading.rows or reading.problems


@given(st.text(max_size=40))
@settings(max_examples=150, deadline=None)
def test_hours_are_understood_without_overlap_or_refused(words):
    try:
        stretches = hours(clean(words))
    except CellRefused:
        return
    assert all(0 <= opens < closes <= 1440 and 0 <= day <= 6 for day, opens, closes in stretches)


@pytest.mark.django_db
@given(TABLES)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_table_is_loaded_whole_or_not_at_all(wilaya, table):
    headings, rows = table
    lines = [headings, *rows]
    content = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    before = (Establishment.objects.count(), Service.objects.count())
    try:
        counts = load_files([("table.csv", content.encode("utf-8", "replace"))], by=None).counts()
    except LoadRefused as refusal:
        assert refusal.problems
        assert (Establishment.objects.count(), Service.objects.count()) == before
    else:
        new = sum(count["new"] for count in counts.values())
        assert Establishment.objects.count() + Service.objects.count() == sum(before) + new
