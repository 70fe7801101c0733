"""The sealer: chains lines in blocks."""

import threading


def run_sealer(stop: threading.Event) -> None:
    """Seal until `stop` is set."""
    stop.wait()
