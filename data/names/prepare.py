"""Rebuild `surnames.csv` from the index of the package `arabic-name-romanizer`. Run by hand; the product only reads the CSV.

    python data/names/prepare.py PATH/arabic_name_romanizer/resources/names.sqlite3
"""

import csv
import re
import sqlite3
import sys
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
MOST = 4000
UNITS = """
    SELECT arabic_key, latin, sum(count) AS times FROM units
    WHERE country = 'DZ' AND role IN ('surname', 'unknown') AND source = 'dzirinames'
      AND arabic_key NOT IN (SELECT arabic_key FROM units WHERE role = 'given')
    GROUP BY arabic_key, latin ORDER BY times DESC, latin, arabic_key
"""


def given_names() -> set[str]:
    with (HERE / "given.csv").open(encoding="utf-8", newline="") as file:
        return {row["latin"].casefold() for row in csv.DictReader(file)}


def as_written(key: str, latin: str) -> str:
    """The index keeps ه for a last ة: families write the second."""
    return re.sub(r"ه$", "ة", key) if latin.endswith("a") else key


def main() -> None:
    given, spellings = given_names(), {}
    attested = Counter()
    for key, latin, times in sqlite3.connect(sys.argv[1]).execute(UNITS):
        if latin.casefold() in given or len(key) < 3 or not re.fullmatch(r"[A-Za-z][A-Za-z '-]{3,}", latin):
            continue
        spellings.setdefault(key, latin)  # the spelling attested most
        attested[key] += times
    with (HERE / "surnames.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["arabic", "latin", "attested"])
        writer.writerows((as_written(key, spellings[key]), spellings[key], times) for key, times in attested.most_common(MOST))


if __name__ == "__main__":
    main()
