"""From rows to what would change: references found, positions believable, nobody managing himself."""

import difflib
from collections import Counter
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from maristan.core.territory.models import Division, Establishment, Group, Outline, Service
from maristan.core.territory.models.contacts import clock
from maristan.core.territory.models.names import fold
from maristan.core.territory.queries import divisions_on
from maristan.core.territory.services.cells import DAYS
from maristan.core.territory.services.parsing import Reading, Row
from maristan.core.territory.services.problems import Problem
from maristan.core.territory.services.tables import DIVISIONS, ESTABLISHMENTS, SERVICES

CONTACTS = ("telephone", "emergency", "fax", "email", "web")
BATCH = 1000
FAR = 0.3  # degrees: outlines are simplified, and a place may stand a little outside its wilaya


@dataclass
class Change:
    """One thing to insert, or to bring up to date from what it was (`before`); `fields` are (before, after) by name."""

    row: Row
    thing: Any
    before: Any
    fields: dict[str, tuple[Any, Any]]
    contacts: dict[str, tuple[str, ...]] | None = None
    hours: tuple[tuple[int, int, int], ...] | None = None
    managed_by: str | None = None

    @property
    def is_new(self) -> bool:
        return self.before is None


@dataclass
class Plan:
    """What a load would do, or why it cannot."""

    reading: Reading
    changes: list[Change] = field(default_factory=list)

    @property
    def problems(self) -> list[Problem]:
        return self.reading.problems

    def counts(self) -> dict[str, dict[str, int]]:
        """By table: how many rows are new, changed, the same."""
        found: dict[str, Counter] = {row.table.name: Counter() for row in self.reading.rows}
        for change in self.changes:
            kind = "new" if change.is_new else "changed" if change.fields else "same"
            found[change.row.table.name][kind] += 1
        return {name: {kind: count[kind] for kind in ("new", "changed", "same")} for name, count in found.items()}


def plan_load(reading: Reading) -> Plan:
    """Compare the rows with the database. References that lead nowhere become problems of the reading."""
    plan = Plan(reading)
    places = Places(reading)
    for row in reading.of(DIVISIONS):
        _plan_division(row, places, plan)
    for row in reading.of(ESTABLISHMENTS):
        _plan_establishment(row, places, plan)
    _refuse_circles(places, plan)
    for row in reading.of(SERVICES):
        _plan_service(row, places, plan)
    return plan


class Places:
    """What the rows may refer to: what the database holds, and what stands in the same files."""

    def __init__(self, reading: Reading) -> None:
        self.divisions = {(d.country, d.level, d.code): d for d in divisions_on().select_related("wilaya")}
        self.versions = {
            (d.country, d.level, d.code, d.valid_from): d
            for d in (Division.objects.all() if reading.of(DIVISIONS) else ())
        }
        self.names: dict[tuple, Division] = {}
        self.establishments = _establishments(reading)
        self.groups = {group.code: group for group in Group.objects.all()}
        self.services = {(s.establishment_id, s.code): s for s in Service.objects.all()} if reading.of(SERVICES) else {}
        self.coming: dict[str, Establishment] = {}
        self.boxes = _boxes() if reading.of(ESTABLISHMENTS) else {}
        for division in self.divisions.values():
            self.index(division)

    def index(self, division: Division) -> None:
        """Let a division be found by its code and by its names."""
        self.divisions[division.country, division.level, division.code] = division
        for name in filter(None, (division.name_fr, division.name_ar)):
            key = (division.country, division.level, fold(name))
            self.names[key] = division
            if division.wilaya:
                self.names[*key, division.wilaya.code] = division

    def find(self, country: str, level: str, words: str, wilaya: Division | None = None) -> Division | None:
        """By code (leading zeros that a spreadsheet dropped are put back), else by name within the wilaya."""
        for code in (words, words.zfill(2 if level == "wilaya" else 4)):
            if (country, level, code) in self.divisions:
                return self.divisions[country, level, code]
        key = (country, level, fold(words))
        return self.names.get((*key, wilaya.code) if wilaya else key)

    def close(self, country: str, level: str, words: str, wilaya: Division | None) -> str:
        """The known name that looks most like `words`, for the remedy."""
        names = {
            fold(division.name_fr): division
            for division in self.divisions.values()
            if (division.country, division.level) == (country, level) and (not wilaya or division.wilaya == wilaya)
        }
        found = difflib.get_close_matches(fold(words)[:60], names, 1)
        return f"{names[found[0]].code} {names[found[0]].name_fr}" if found else ""


def _establishments(reading: Reading) -> dict[str, Establishment]:
    """Those that the rows name: as themselves, as manager, or as the place of a service."""
    named = {row.values.get(name) for row in reading.rows for name in ("code", "managed_by", "establishment")}
    found = Establishment.objects.select_related("parent", "wilaya", "commune", "group")
    return {
        place.code: place
        for codes in batches(list(filter(None, named)), BATCH)
        for place in found.filter(code__in=codes).prefetch_related("contacts", "hours")
    }


def batches(things: list[Any], size: int) -> Iterator[list[Any]]:
    """`things` in lists of at most `size`."""
    return (things[start : start + size] for start in range(0, len(things), size))


def _boxes() -> dict[int, tuple[float, float, float, float]]:
    """Around each wilaya whose border, or whose communes' borders, we know: west, south, east, north."""
    points: dict[int, list[tuple[float, float]]] = {}
    for outline in Outline.objects.filter(division__valid_until=None).select_related("division"):
        corners = [point for polygon in outline.geometry["coordinates"] for point in polygon[0]]
        points.setdefault(outline.division.wilaya_id or outline.division_id, []).extend(corners)
    return {pk: _box(corners) for pk, corners in points.items()}


def _box(points: list[tuple[float, float]]) -> tuple[float, float, float, float]:
    longitudes, latitudes = zip(*points, strict=True)
    return min(longitudes) - FAR, min(latitudes) - FAR, max(longitudes) + FAR, max(latitudes) + FAR


def _plan_division(row: Row, places: Places, plan: Plan) -> None:
    values = dict(row.values)
    country = values.setdefault("country", "DZ") or "DZ"
    for name, levels in (("wilaya", ("wilaya",)), ("parent", ("daira", "wilaya"))):
        if values.get(name):
            found = next(filter(None, (places.find(country, level, values[name]) for level in levels)), None)
            if found is None:
                plan.reading.add(row.problem(name, _unknown(values[name]), _("Load it first, or correct the code.")))
                return
            values[name] = found
    if values["level"] != "wilaya":
        parent = values.get("parent")
        values["wilaya"] = values.get("wilaya") or (parent and (parent.wilaya or parent))
        values["parent"] = parent or values["wilaya"]
    if (values["level"] == "wilaya") != (values.get("wilaya") is None):
        what = _("A daïra or a commune lies in a wilaya; a wilaya in none.")
        plan.reading.add(row.problem("wilaya", what, _("Write the code of its wilaya.")))
        return
    if not _ends_after_it_begins(row, values, plan):
        return
    known = places.versions.get(row.key)
    division = known or Division()
    plan.changes.append(Change(row, division, copy(known), _assign(division, values)))
    places.index(division)


def _plan_establishment(row: Row, places: Places, plan: Plan) -> None:
    values = {name: value for name, value in row.values.items() if name not in (*CONTACTS, "hours", "managed_by")}
    place = places.establishments.get(values["code"]) or Establishment()
    before = plan.reading.count
    _find_divisions(row, values, place, places, plan)
    _find_position(row, values, place, places, plan)
    if values.get("group"):
        values["group"] = places.groups.get(values["group"])
        if values["group"] is None:
            plan.reading.add(row.problem("group", _unknown(row.values["group"]), _("Write the code of a known group.")))
    _ends_after_it_begins(row, values, plan)
    if plan.reading.count != before:
        return
    change = Change(
        row, place, copy(place) if place.pk else None, _assign(place, values), managed_by=row.values.get("managed_by")
    )
    change.contacts = {kind: row.values[kind] for kind in CONTACTS if kind in row.values}
    change.hours = row.values.get("hours")
    _compare_parts(change, managed="managed_by" in row.values)
    plan.changes.append(change)
    places.coming[place.code] = place


def _find_divisions(row: Row, values: dict[str, Any], place: Establishment, places: Places, plan: Plan) -> None:
    country = values.get("country") or place.country
    wilaya = place.wilaya if "wilaya" not in values else None
    if values.get("wilaya"):
        wilaya = places.find(country, "wilaya", values["wilaya"])
        if wilaya is None:
            remedy = _("Write its official code, 25 for Constantine.")
            plan.reading.add(row.problem("wilaya", _unknown(values["wilaya"]), remedy))
            return
    commune = None
    if values.get("commune"):
        commune = places.find(country, "commune", values["commune"], wilaya)
        if commune is None:
            plan.reading.add(row.problem("commune", *_unknown_commune(values["commune"], country, wilaya, places)))
            return
        if wilaya is not None and commune.wilaya != wilaya:
            what = _("The commune %(commune)s lies in the wilaya of %(wilaya)s.") % {
                "commune": commune.name,
                "wilaya": commune.wilaya.name,
            }
            plan.reading.add(row.problem("commune", what, _("Correct one of the two.")))
            return
        wilaya = wilaya or commune.wilaya
    if wilaya is None and values["kind"] != "partner":
        plan.reading.add(row.problem("wilaya", _("The wilaya is missing."), _("Write its official code.")))
        return
    values["wilaya"] = wilaya
    if "commune" in values:
        values["commune"] = commune


def _unknown_commune(words: str, country: str, wilaya: Division | None, places: Places) -> tuple[str, str]:
    close = places.close(country, "commune", words, wilaya)
    if close:
        return _unknown(words), _("Did you mean “%(close)s”?") % {"close": close}
    return _unknown(words), _("Write its official code, 2506 for El Khroub.")


def _find_position(row: Row, values: dict[str, Any], place: Establishment, places: Places, plan: Plan) -> None:
    if "latitude" not in values and "longitude" not in values and "precision" not in values:
        return
    latitude, longitude = (values.get(name, getattr(place, name)) for name in ("latitude", "longitude"))
    precision = values.get("precision") or ("exact" if latitude is not None else "none")
    if (latitude is None) != (longitude is None) or (precision == "none") != (latitude is None):
        what = _("The position is not whole.")
        plan.reading.add(row.problem("latitude", what, _("Write latitude and longitude, or leave both empty.")))
        return
    values.update(latitude=latitude, longitude=longitude, precision=precision)
    wilaya = values.get("wilaya")
    west, south, east, north = places.boxes.get(getattr(wilaya, "pk", None), (-180, -90, 180, 90))
    if latitude is not None and not (south <= latitude <= north and west <= longitude <= east):
        what = _("This point is far from the wilaya of %(wilaya)s.") % {"wilaya": wilaya.name}
        plan.reading.add(row.problem("latitude", what, _("Are latitude and longitude exchanged?")))


def _ends_after_it_begins(row: Row, values: dict[str, Any], plan: Plan) -> bool:
    start, end = values.get("valid_from"), values.get("valid_until")
    if start and end and end <= start:
        plan.reading.add(row.problem("valid_until", _("It ends before it begins."), _("Correct one of the two dates.")))
        return False
    return True


def _plan_service(row: Row, places: Places, plan: Plan) -> None:
    values = dict(row.values)
    code = values.pop("establishment")
    place = places.coming.get(code) or places.establishments.get(code)
    if place is None:
        plan.reading.add(row.problem("establishment", _unknown(code), _("Write the code of a known establishment.")))
        return
    service = places.services.get((place.pk, values["code"])) or Service(establishment=place)
    plan.changes.append(Change(row, service, copy(service) if service.pk else None, _assign(service, values)))


def _assign(thing: Any, values: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Give `thing` its new values; returns what that changes, in words, (before, after) by name."""
    changed = {}
    for name, value in values.items():
        before = getattr(thing, name)
        if before != value:
            changed[name] = (str(before if before is not None else ""), str(value if value is not None else ""))
            setattr(thing, name, value)
    return changed


def _compare_parts(change: Change, *, managed: bool) -> None:
    place = change.thing
    known = place.contacts.all() if place.pk else ()
    for kind, after in (change.contacts or {}).items():
        before = tuple(contact.value for contact in known if contact.kind == kind)
        if before != after:
            change.fields[kind] = ("; ".join(before), "; ".join(after))
    if change.hours is not None:
        stretches = [hours for hours in (place.hours.all() if place.pk else ()) if hours.service_id is None]
        before_hours = tuple(sorted((hours.weekday, hours.opens, hours.closes) for hours in stretches))
        if before_hours != change.hours:
            change.fields["hours"] = (hours_in_words(before_hours), hours_in_words(change.hours))
    if managed and (place.parent.code if place.parent else "") != (change.managed_by or ""):
        change.fields["managed_by"] = (place.parent.code if place.parent else "", change.managed_by or "")


def hours_in_words(stretches: Any) -> str:
    """Opening hours on one line, as OpenStreetMap writes them: the same in every language."""
    return "; ".join(f"{DAYS[day].capitalize()} {clock(opens)}-{clock(closes)}" for day, opens, closes in stretches)


def _refuse_circles(places: Places, plan: Plan) -> None:
    """Follow "managed by" from each row as it would be after the load; unknown managers are problems too."""
    managed = Establishment.objects.filter(parent__isnull=False)
    above = dict(managed.values_list("code", "parent__code"))
    rows = {change.thing.code: change for change in plan.changes if change.row.table is ESTABLISHMENTS}
    above |= {code: change.managed_by for code, change in rows.items() if "managed_by" in change.row.values}
    for code, change in rows.items():
        manager = change.managed_by
        if manager and manager not in places.coming and manager not in places.establishments:
            remedy = _("Write the code of an establishment that is known or stands in the same file.")
            plan.reading.add(change.row.problem("managed_by", _unknown(manager), remedy))
            continue
        seen, current = {code}, manager
        while current and current not in seen:
            seen.add(current)
            current = above.get(current)
        if current == code:
            what = _("%(code)s would be managed by one that it manages.") % {"code": code}
            plan.reading.add(change.row.problem("managed_by", what, _("Break the circle.")))


def _unknown(words: str) -> str:
    return _("“%(cell)s” is not known here.") % {"cell": words[:60]}
