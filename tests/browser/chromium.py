"""The browser of the tests: Debian's Chromium, installed by the system's packages where the machine has none."""

import shutil
import subprocess
import sys
from pathlib import Path

PLACES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


def find_chromium() -> str | None:
    """The path of a Chromium on this machine, or None."""
    return next((place for place in PLACES if Path(place).exists()), shutil.which("chromium"))


def main() -> None:
    """Install Chromium if it is absent; a machine that cannot have it fails here, with the remedy."""
    if find_chromium():
        return
    print("Installing Chromium for the browser tests (once)…")
    apt = "/usr/bin/apt-get"
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"}
    said = ""
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        try:
            done = subprocess.run([apt, *arguments], env=environment, check=False, capture_output=True, text=True)
            said = done.stderr
        except OSError as error:
            said = str(error)
    if not find_chromium():
        sys.exit(f"The browser tests need Chromium: install it with your system's packages.\n{said[-800:]}")


if __name__ == "__main__":
    main()
