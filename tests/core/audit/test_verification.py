"""The owner of the database attacks the journal; the service could not, and what the owner does is named."""

from uuid import uuid4

import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, connections
from django.utils import timezone
from psycopg.errors import InsufficientPrivilege

from maristan.core.audit.models import AuditBlock, AuditLine
from maristan.core.audit.services import find_faults, record_event, seal_block, sealing
from maristan.core.audit.services.checkpoints import sign_checkpoint

APPEND_ONLY = [model for model in apps.get_models() if getattr(model, "append_only", False)]


def as_owner(*statements: str) -> None:
    with connections["owner"].cursor() as cursor:
        for table in ("audit_auditline", "audit_auditblock"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in statements:
            cursor.execute(statement)


def write_blocks(*counts: int) -> list[AuditLine]:
    for count in counts:
        for _ in range(count):
            record_event("record.read", detail={"why": "care"})
        seal_block()
    return list(AuditLine.objects.order_by("xid", "position"))


def kinds() -> list[str]:
    return [fault.kind for fault in find_faults()]


@pytest.mark.parametrize("model", APPEND_ONLY, ids=lambda model: model._meta.label)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE", "UPDATE {} SET {} = {}"])
def test_the_service_may_not_change_what_is_append_only(db, model, statement):
    column = model._meta.pk.column
    with pytest.raises(ProgrammingError) as refusal, connection.cursor() as cursor:
        cursor.execute(statement.format(f'"{model._meta.db_table}"', column, column))
    assert isinstance(refusal.value.__cause__, InsufficientPrivilege)


@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {}", "UPDATE {} SET at = at"])
@pytest.mark.parametrize("table", ["audit_auditline", "audit_auditblock"])
def test_even_the_owner_is_refused_in_ordinary_operation(ledger, table, statement):
    write_blocks(1)
    with pytest.raises(ProgrammingError, match="never changed"), connections["owner"].cursor() as cursor:
        cursor.execute(statement.format(table))


def test_the_service_may_not_backdate_a_transaction(ledger):
    with pytest.raises(ProgrammingError, match="never changed"):
        AuditLine.objects.create(id=uuid4(), at=timezone.now(), action="test.read", xid=5)


def test_a_whole_journal_has_no_fault(ledger):
    write_blocks(3, 1, 2)
    assert kinds() == []


@pytest.mark.parametrize(
    "change",
    [
        "actor_name = 'somebody else'",
        "patient_id = gen_random_uuid()",
        "at = at - interval '1 microsecond'",
        'detail = \'{"why": "curiosity"}\'',
        "outcome = 'failed'",
        "position = position + 1000",
        "address = '10.0.0.1'",
    ],
)
def test_an_altered_line_is_named(ledger, change):
    line = write_blocks(2, 3)[3]
    as_owner(f"UPDATE audit_auditline SET {change} WHERE id = '{line.id}'")
    (fault,) = find_faults()
    assert (fault.kind, fault.line_id) == ("altered", line.id)


def test_every_column_is_sealed(ledger):
    from maristan.core.audit.queries import SEALED_COLUMNS

    assert [field.column for field in AuditLine._meta.concrete_fields] == list(SEALED_COLUMNS)


def test_a_removed_line_is_named_with_its_time(ledger):
    line = write_blocks(2, 3)[1]
    as_owner(f"DELETE FROM audit_auditline WHERE id = '{line.id}'")
    (fault,) = find_faults()
    assert (fault.kind, fault.line_id) == ("removed", line.id)
    assert abs((fault.at - line.at).total_seconds()) < 0.1


def test_a_removed_line_put_back_with_another_content_is_named(ledger):
    line = write_blocks(3)[1]
    as_owner(
        f"CREATE TABLE kept AS SELECT * FROM audit_auditline WHERE id = '{line.id}'",
        f"DELETE FROM audit_auditline WHERE id = '{line.id}'",
        "UPDATE kept SET entity_id = 'another'",
        "INSERT INTO audit_auditline SELECT * FROM kept",
    )
    assert [(fault.kind, fault.line_id) for fault in find_faults()] == [("altered", line.id)]


def test_a_line_slipped_into_the_past_is_named(ledger):
    line = write_blocks(2, 2)[0]
    as_owner(
        f"CREATE TABLE kept AS SELECT * FROM audit_auditline WHERE id = '{line.id}'",
        "UPDATE kept SET id = '018f0000-0000-7000-8000-000000000001', position = 99",
        "INSERT INTO audit_auditline SELECT * FROM kept",
    )
    (fault,) = find_faults()
    assert (fault.kind, str(fault.line_id)) == ("inserted", "018f0000-0000-7000-8000-000000000001")


def test_a_line_from_a_transaction_to_come_is_named(ledger):
    line = write_blocks(2)[0]
    as_owner(
        f"CREATE TABLE kept AS SELECT * FROM audit_auditline WHERE id = '{line.id}'",
        "UPDATE kept SET id = '018f0000-0000-7000-8000-000000000001', xid = '99999999'",
        "INSERT INTO audit_auditline SELECT * FROM kept",
    )
    assert kinds() == ["inserted"]


def test_an_emptied_table_is_named(ledger):
    write_blocks(2)
    as_owner("TRUNCATE audit_auditline")
    assert kinds() == ["emptied"]


def test_a_tail_cut_with_its_block_is_found_by_the_mark_outside(ledger):
    write_blocks(2, 2, 2)
    horizon = AuditBlock.objects.get(number=2).horizon
    as_owner("DELETE FROM audit_auditblock WHERE number = 3", f"DELETE FROM audit_auditline WHERE xid >= '{horizon}'")
    (fault,) = find_faults()
    assert fault.kind == "tail-cut"
    assert "block 3 with 6" in fault.words


def test_everything_cut_is_found_by_the_mark_outside(ledger):
    write_blocks(2)
    as_owner("TRUNCATE audit_auditblock", "TRUNCATE audit_auditline")
    assert kinds() == ["tail-cut"]


def test_a_chain_sealed_again_over_a_lie_differs_from_the_mark_outside(ledger, settings, tmp_path):
    line = write_blocks(2, 2)[0]
    as_owner(f"UPDATE audit_auditline SET actor_name = 'nobody' WHERE id = '{line.id}'", "TRUNCATE audit_auditblock")
    settings.CHECKPOINTS_FILE = tmp_path / "elsewhere.jsonl"
    seal_block()
    settings.CHECKPOINTS_FILE = tmp_path / "checkpoints.jsonl"
    assert kinds()[0] == "mark-mismatch"


def test_an_altered_block_breaks_the_chain(ledger):
    write_blocks(1, 1, 1)
    as_owner("UPDATE audit_auditblock SET lines = '\\x00' WHERE number = 2")
    assert kinds()[0] == "block-altered"


def test_a_removed_block_breaks_the_chain(ledger):
    write_blocks(1, 1, 1)
    as_owner("DELETE FROM audit_auditblock WHERE number = 2")
    assert kinds()[0] == "block-missing"


def test_a_mark_signed_by_another_key_is_named(ledger, settings, tmp_path):
    write_blocks(1)
    key = settings.SEAL_KEY_FILE
    settings.SEAL_KEY_FILE = tmp_path / "other" / "seal.key"
    sign_checkpoint(AuditBlock.objects.get())
    settings.SEAL_KEY_FILE = key
    assert kinds() == ["mark-forged"]


def test_the_key_is_readable_by_its_owner_only(ledger, settings):
    write_blocks(1)
    assert settings.SEAL_KEY_FILE.stat().st_mode & 0o777 == 0o600


def test_progress_counts_every_line(ledger, monkeypatch):
    monkeypatch.setattr(sealing, "BLOCK_LINES", 2)
    write_blocks(2, 3)
    counts = []
    assert list(find_faults(counts.append)) == []
    assert sum(counts) == AuditBlock.objects.order_by("-number").first().total
