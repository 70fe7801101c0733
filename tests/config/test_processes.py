"""A start that cannot succeed says why and what to do."""

import socket

import pytest

from maristan.config import health, processes


def test_a_taken_port_names_another_one():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(processes.StartError, match=f"Port {port} is taken.*PORT={port + 1}"):
            processes.check_port(port)


def test_a_second_start_in_one_folder_says_where_the_first_runs(tmp_path):
    again = processes.only_one(tmp_path)
    with processes.only_one(tmp_path):
        processes.note_address(tmp_path, "http://localhost:8123")
        with pytest.raises(processes.StartError, match=r"already runs from .*http://localhost:8123"):
            again.__enter__()


def test_the_lock_is_free_after_the_first_stopped(tmp_path):
    for _start in range(2):
        with processes.only_one(tmp_path):
            pass


def test_the_service_owns_nothing_and_the_database_is_durable(db):
    assert health.excessive_rights() == []
    assert health.unsafe_settings() == []


def test_health_answers_without_sign_in(client, db):
    assert client.get("/health/").json() == {"status": "ok"}
