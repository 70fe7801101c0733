"""List the benchmarks, or run one: `python -m benchmarks NAME [ARGUMENTS]`."""

import ast
import runpy
import sys
from pathlib import Path

HARNESS = {"__init__", "__main__", "cluster", "tables"}


def main(wanted: list[str]) -> None:
    """Run the benchmark `wanted` names, with what follows as its own arguments; list them all when it names none."""
    files = {path.stem: path for path in sorted(Path(__file__).parent.glob("*.py")) if path.stem not in HARNESS}
    if wanted and wanted[0] in files:
        sys.argv = wanted
        runpy.run_module(f"benchmarks.{wanted[0]}", run_name="__main__", alter_sys=True)
        return
    for name, path in files.items():
        print(f"  {name:<16} {(ast.get_docstring(ast.parse(path.read_text())) or '').partition(chr(10))[0]}")
    if wanted:
        sys.exit(f"There is no benchmark named {wanted[0]}.")


main(sys.argv[1:])
