"""What the worker does: the sealing of the audit journal, what areas do every minute, and queued jobs."""

import logging
import threading
import time
from collections.abc import Callable

from django.db import close_old_connections
from procrastinate.contrib.django import app

from maristan.core.audit.services import run_sealer
from maristan.core.messaging.services.loop import run_messaging
from maristan.core.ui.registries import minute_jobs

logger = logging.getLogger(__name__)


def run_jobs(stop: threading.Event) -> None:
    """Run until `stop` is set. A job that fails is logged and tried again at its next turn."""
    threads = [
        threading.Thread(target=_keep_alive, args=("sealer", lambda: run_sealer(stop), stop), daemon=True),
        threading.Thread(target=_keep_alive, args=("messages", lambda: run_messaging(stop), stop), daemon=True),
        threading.Thread(target=_keep_alive, args=("minutes", lambda: _run_minutes(stop), stop), daemon=True),
        threading.Thread(target=_run_queue, args=(stop,), daemon=True),
    ]
    for thread in threads:
        thread.start()
    stop.wait()
    for thread in threads[:3]:
        thread.join(10)


def _keep_alive(name: str, run: Callable[[], None], stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            run()
        except Exception:
            logger.exception("%s stopped; it starts again in 2 s", name)
            close_old_connections()
            stop.wait(2)


def _run_minutes(stop: threading.Event) -> None:
    while not stop.is_set():
        started = time.monotonic()
        for job in minute_jobs.all():
            job.run()
        close_old_connections()
        stop.wait(max(1.0, 60 - (time.monotonic() - started)))


def _run_queue(stop: threading.Event) -> None:
    while not stop.is_set():
        try:
            with app.replace_connector(app.connector.get_worker_connector()) as queue:
                queue.run_worker(install_signal_handlers=False)
        except Exception:
            logger.exception("the queue stopped; it starts again in 2 s")
            stop.wait(2)
