import os
import signal
import subprocess
import sys
import threading
from time import monotonic, sleep

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections, transaction

from maristan.core.audit import queries
from maristan.core.audit.models import AuditBlock, AuditLine
from maristan.core.audit.services import find_faults, record_event, run_sealer, seal_block, sealing
from maristan.core.audit.services.checkpoints import last_checkpoint, read_checkpoints

pytestmark = pytest.mark.usefixtures("ledger")


def write_lines(count: int) -> None:
    for number in range(count):
        record_event("test.read", entity_id=str(number))


def in_thread(work) -> None:
    def run() -> None:
        try:
            work()
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_a_block_covers_every_committed_line_and_is_marked_outside():
    write_lines(3)
    block = seal_block()
    assert (block.number, block.count, block.total) == (1, 3, 3)
    mark = last_checkpoint()
    assert (mark.number, mark.total, mark.hash, mark.genuine) == (1, 3, bytes(block.hash).hex(), True)
    assert list(find_faults()) == []


def test_nothing_new_makes_no_block():
    assert seal_block() is None
    write_lines(1)
    seal_block()
    assert seal_block() is None
    assert AuditBlock.objects.count() == 1


def test_blocks_follow_one_another_and_a_big_transaction_is_never_split(monkeypatch):
    monkeypatch.setattr(sealing, "BLOCK_LINES", 4)
    write_lines(3)
    with transaction.atomic():
        write_lines(6)
    write_lines(2)
    blocks = [seal_block(), seal_block()]
    assert [block.count for block in blocks] == [9, 2]
    assert blocks[1].previous == blocks[0].hash
    assert seal_block() is None
    assert list(find_faults()) == []


def test_a_line_committed_late_with_a_lower_number_escapes_no_block():
    with transaction.atomic():
        record_event("test.late")
        in_thread(lambda: write_lines(2))
        assert AuditLine.objects.count() == 3
        in_thread(seal_block)
        assert AuditBlock.objects.count() == 0, "the later lines wait for the earlier transaction"
    block = seal_block()
    assert block.count == 3
    assert list(find_faults()) == []


def test_lines_rolled_back_leave_gaps_that_are_no_alarm():
    write_lines(1)
    with pytest.raises(ValueError, match="gap"), transaction.atomic():
        record_event("test.write")
        raise ValueError("gap")
    write_lines(1)
    seal_block()
    positions = list(AuditLine.objects.order_by("position").values_list("position", flat=True))
    assert positions[1] - positions[0] == 2
    assert list(find_faults()) == []


def test_two_sealers_never_seal_together():
    write_lines(1)
    with sealing._only_sealer() as alone:
        assert alone
        found = []
        in_thread(lambda: found.append(seal_block()))
    assert found == [None]
    assert seal_block().count == 1


def test_under_load_every_line_is_sealed_once():
    stop = threading.Event()
    sealer = threading.Thread(target=run_sealer, args=(stop,))
    sealer.start()

    def write() -> None:
        for number in range(60):
            with transaction.atomic():
                record_event("test.read", entity_id=str(number))
                if number % 7 == 0:
                    sleep(0.01)
        connection.close()

    writers = [threading.Thread(target=write) for _ in range(6)]
    for thread in writers:
        thread.start()
    for thread in writers:
        thread.join()
    deadline = monotonic() + 30
    while queries.oldest_unsealed() and monotonic() < deadline:
        sleep(0.05)
    stop.set()
    sealer.join()
    assert queries.last_block().total == AuditLine.objects.count() == 360
    assert list(find_faults()) == []


SEALER = """
import sys, threading, django
django.setup()
from maristan.core.audit.services import sealing
sealing.PAUSE_SECONDS = 0.01
sealing.BLOCK_LINES = 3
print("ready", flush=True)
sealing.run_sealer(threading.Event())
"""


def start_sealer(ledger: str, engine) -> subprocess.Popen:
    environment = {
        **os.environ,
        "DATABASE_URL": engine.url("maristan_service", ledger),
        "MARISTAN_DATA": str(django_settings.CHECKPOINTS_FILE.parent),
        "MARISTAN_CHECKPOINTS": str(django_settings.CHECKPOINTS_FILE),
        "DJANGO_SETTINGS_MODULE": "maristan.config.settings",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    process = subprocess.Popen([sys.executable, "-c", SEALER], env=environment, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"ready\n"
    return process


def test_a_sealer_killed_again_and_again_resumes_where_it_was(ledger, engine):
    for turn in range(5):
        sealer = start_sealer(ledger, engine)
        goal = AuditBlock.objects.count() + 1
        deadline = monotonic() + 20
        while AuditBlock.objects.count() < goal + turn and monotonic() < deadline:
            write_lines(5)
        sealer.send_signal(signal.SIGKILL)
        sealer.wait()
        sealer.stdout.close()
    while seal_block():
        pass
    assert queries.last_block().total == AuditLine.objects.count()
    assert last_checkpoint().number == AuditBlock.objects.count()
    assert list(find_faults()) == []


def test_a_kill_between_the_block_and_its_mark_is_mended_at_the_next_pass(monkeypatch):
    write_lines(2)
    monkeypatch.setattr(sealing, "sign_checkpoint", lambda block: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        seal_block()
    monkeypatch.undo()
    assert (AuditBlock.objects.count(), last_checkpoint()) == (1, None)
    assert seal_block() is None
    assert last_checkpoint().number == 1


def test_a_mark_the_power_cut_in_two_is_no_mark_and_swallows_no_other(settings):
    write_lines(1)
    seal_block()
    with settings.CHECKPOINTS_FILE.open("ab") as file:
        file.write(b'{"at":"2026-11-22T10:')
    assert last_checkpoint().number == 1
    write_lines(1)
    seal_block()
    assert [mark.number for mark in read_checkpoints()] == [1, 2]
    assert all(mark.genuine for mark in read_checkpoints())


def test_a_database_restored_from_a_dump_is_refused_with_the_remedy():
    write_lines(1)
    block = seal_block()
    AuditBlock.objects.create(
        number=2, at=block.at, horizon=2**40, count=0, total=1, lines=b"", previous=block.hash, hash=b"x"
    )
    write_lines(1)
    with pytest.raises(sealing.SealError, match="pg_resetwal"):
        seal_block()
