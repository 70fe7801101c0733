import csv
import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from django.db import connections

from maristan.core.audit.commands import command
from maristan.core.audit.models import AuditLine
from maristan.core.audit.services import record_event
from tests.core.audit.factories import AuditLineFactory

pytestmark = pytest.mark.usefixtures("ledger")


def run(*words: str):
    return CliRunner().invoke(command, words, catch_exceptions=False)


def test_a_whole_register_is_said_whole():
    record_event("test.read")
    assert run("seal").output == "1 lines sealed in 1 blocks.\n"
    done = run("verify")
    assert done.exit_code == 0
    assert "1 sealed lines, last mark at block 1" in done.output


def test_the_first_altered_line_is_named_with_its_time_and_the_exit_code_is_one():
    lines = [record_event("test.read") for _ in range(3)]
    run("seal")
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE audit_auditline DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_auditline SET actor_name = 'x' WHERE id = %s", [lines[1]])
    done = run("verify")
    assert done.exit_code == 1
    assert "FIRST FAULT: altered" in done.output
    assert str(lines[1]) in done.output


def test_the_mark_can_be_noted_on_paper():
    assert run("checkpoint").exit_code == 1
    record_event("test.read")
    run("seal")
    done = run("checkpoint")
    assert done.exit_code == 0
    assert done.output.startswith("Block 1, 1 lines, ")


def day(number: int, hour: int = 12) -> datetime:
    return datetime(2026, 11, number, hour, tzinfo=UTC)


def test_a_period_is_exported_as_audit_events_and_the_export_is_audited():
    kept = [AuditLineFactory(at=day(3)), AuditLineFactory(at=day(4, 22))]
    AuditLineFactory(at=day(2, 22)), AuditLineFactory(at=day(4, 23))  # midnight in Algiers is 23:00 UTC
    done = run("export", "--from", "2026-11-03", "--to", "2026-11-04")
    assert [json.loads(line)["id"] for line in done.stdout.splitlines()] == [str(line.id) for line in kept]
    assert AuditLine.objects.get(action="audit.export").detail["lines"] == 2


def test_a_spreadsheet_runs_no_formula_from_the_register():
    AuditLineFactory(at=day(3), actor_name="=HYPERLINK(1)")
    done = run("export", "--from", "2026-11-03", "--to", "2026-11-03", "--format", "csv")
    (row,) = csv.DictReader(done.stdout.splitlines())
    assert row["actor_name"] == "'=HYPERLINK(1)"
