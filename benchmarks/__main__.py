"""List the benchmarks, or run one: `python -m benchmarks NAME`."""

import sys
from importlib import import_module
from pathlib import Path

HARNESS = {"__init__", "__main__", "cluster", "tables"}


def main() -> None:
    names = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in HARNESS)
    wanted = sys.argv[1:2]
    if wanted and wanted[0] in names:
        import_module(f"benchmarks.{wanted[0]}").run()
        return
    for name in names:
        first = (import_module(f"benchmarks.{name}").__doc__ or "").strip().splitlines()[0]
        print(f"  {name:<16} {first}")
    if wanted:
        sys.exit(f"There is no benchmark named {wanted[0]}.")


main()
