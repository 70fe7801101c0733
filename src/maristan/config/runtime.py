"""Where this installation keeps its data, its secrets and its databases, read from the environment.

Nothing here needs Django: the command line reads it before the settings exist.
"""

import json
import os
import secrets
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def data_folder() -> Path:
    """The folder of the installation's own files (`MARISTAN_DATA`, else `.data` beside the sources)."""
    return Path(os.environ.get("MARISTAN_DATA", ROOT / ".data"))


def load_secrets() -> dict[str, str]:
    """Secrets of this installation; made once, readable by the owner only, never in the repository."""
    path = data_folder() / "secrets.json"
    if path.exists():
        return json.loads(path.read_text())
    path.parent.mkdir(parents=True, exist_ok=True)
    names = ("django", "database_owner", "database_service", "postgres")
    values = {name: secrets.token_urlsafe(48) for name in names}
    temporary = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(values, file)
    try:
        os.link(temporary, path)  # atomic, and never over another process's secrets
    except FileExistsError:
        return json.loads(path.read_text())
    finally:
        temporary.unlink()
    return values


def is_demo() -> bool:
    """True on an installation that holds invented people only; it alone shows one-click accounts."""
    return os.environ.get("MARISTAN_DEMO") == "1"
