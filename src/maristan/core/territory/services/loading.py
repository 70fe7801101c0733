"""Loading files into the territory: all of them or nothing, and twice is the same as once."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from maristan.core.audit.services import record_event
from maristan.core.territory.enums import DivisionLevel
from maristan.core.territory.models import Contact, Division, Establishment, OpeningHours, Service
from maristan.core.territory.queries import division
from maristan.core.territory.services.parsing import Progress, Reading, read_files
from maristan.core.territory.services.planning import BATCH, Change, Plan, plan_load
from maristan.core.territory.services.problems import LoadRefused, Problem
from maristan.core.territory.services.shipped import PLACES, read_places
from maristan.core.territory.services.tables import DIVISIONS, ESTABLISHMENTS, SERVICES

Scope = Callable[[Any], bool]


def check_files(files: Iterable[tuple[str, bytes]], *, progress: Progress = lambda rows: None) -> Plan:
    """What loading these (name, bytes) would do, with every problem that prevents it. Writes nothing."""
    return plan_load(read_files(files, progress))


def load_files(
    files: Iterable[tuple[str, bytes]],
    *,
    by: Any,
    allowed: Scope = lambda place: True,
    progress: Progress = lambda rows: None,
) -> Plan:
    """Load (name, bytes) of each file: all rows or none. Raises LoadRefused with the problems.

    `by` is the user, None for the command line; `allowed` says whether they may change a place. Loading the same files
    again changes nothing. Every change of something known leaves an audit line with before and after.
    """
    files = list(files)
    return load_reading(read_files(files, progress), by=by, names=[name for name, _data in files], allowed=allowed)


@transaction.atomic
def load_reading(reading: Reading, *, by: Any, names: list[str], allowed: Scope = lambda place: True) -> Plan:
    """Load rows that were read already; see `load_files`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('territory.load'))")
    plan = plan_load(reading)
    refuse_outside(plan, allowed)
    if reading.count:
        raise LoadRefused(reading.problems, count=reading.count)
    try:
        with transaction.atomic():
            _write(plan)
    except IntegrityError as error:
        raise LoadRefused([_refused_by_the_database(names, error)]) from error
    _leave_a_trace(plan, by=by, names=names)
    return plan


def load_wilaya(code: str, *, by: Any, dry_run: bool = False) -> Plan:
    """Load the shipped establishments of a wilaya that are not known yet; what people corrected stays as it is."""
    if division(code, level=DivisionLevel.WILAYA) is None:
        what = _("“%(cell)s” is not the code of a wilaya.") % {"cell": code[:20]}
        raise LoadRefused([Problem("--wilaya", what, _("Write its official code, 25 for Constantine."))])
    reading = read_places(code, known=set(Establishment.objects.values_list("code", flat=True)))
    return plan_load(reading) if dry_run else load_reading(reading, by=by, names=list(PLACES))


def refuse_outside(plan: Plan, allowed: Scope) -> None:
    """Whoever answers for one wilaya changes no other: neither what was there, nor what would be there after."""
    for change in plan.changes:
        states = [state for state in (change.before, change.thing) if state is not None]
        if (change.is_new or change.fields) and not all(allowed(state) for state in states):
            what = _("This place lies outside your territory.")
            plan.reading.add(change.row.problem("code", what, _("Ask its own directorate to load it.")))


def _refused_by_the_database(names: list[str], error: IntegrityError) -> Problem:
    constraint = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or "?"
    return Problem(
        ", ".join(names),
        _("The rows contradict each other or what is known (%(rule)s).") % {"rule": constraint},
        _("Nothing was loaded. Load half of the rows to find which."),
    )


def _write(plan: Plan) -> None:
    for level in DivisionLevel.values:
        divisions = [change for change in plan.changes if change.row.table is DIVISIONS and change.thing.level == level]
        _save(Division, divisions)
    places = [change for change in plan.changes if change.row.table is ESTABLISHMENTS]
    _save(Establishment, places)
    _save_managers(places)
    _save_parts(places)
    _save(Service, [change for change in plan.changes if change.row.table is SERVICES])


def _save(model: type, changes: list[Change]) -> None:
    """Insert what is new, update what changed; the text that searches compare follows."""
    for change in changes:
        if hasattr(change.thing, "search"):
            change.thing.search = change.thing.search_text()
    new = [change.thing for change in changes if change.is_new]
    changed = [change.thing for change in changes if not change.is_new and change.fields]
    fields = [field.name for field in model._meta.concrete_fields if not field.primary_key]
    model.objects.bulk_update(changed, fields, batch_size=BATCH)
    model.objects.bulk_create(new, batch_size=BATCH)


def _save_managers(places: list[Change]) -> None:
    managed = [change for change in places if "managed_by" in change.fields]
    by_code = Establishment.objects.in_bulk(
        [change.managed_by for change in managed if change.managed_by], field_name="code"
    )
    for change in managed:
        change.thing.parent = by_code[change.managed_by] if change.managed_by else None
    Establishment.objects.bulk_update([change.thing for change in managed], ["parent"], batch_size=BATCH)


def _save_parts(places: list[Change]) -> None:
    """Contacts and opening hours that differ are replaced whole."""
    contacts, hours = [], []
    for change in places:
        for kind, values in (change.contacts or {}).items():
            if kind in change.fields:
                contacts += [Contact(establishment=change.thing, kind=kind, value=value) for value in values]
                if not change.is_new:
                    Contact.objects.filter(establishment=change.thing, kind=kind).delete()
        if "hours" in change.fields:
            hours += [_stretch(change.thing, stretch) for stretch in change.hours or ()]
            if not change.is_new:
                OpeningHours.objects.filter(establishment=change.thing, service=None).delete()
    Contact.objects.bulk_create(contacts, batch_size=BATCH)
    OpeningHours.objects.bulk_create(hours, batch_size=BATCH)


def _stretch(place: Establishment, stretch: tuple[int, int, int]) -> OpeningHours:
    weekday, opens, closes = stretch
    return OpeningHours(establishment=place, weekday=weekday, opens=opens, closes=closes)


def _leave_a_trace(plan: Plan, *, by: Any, names: list[str]) -> None:
    record_event(
        "territory.load", by=by, entity="File", purpose="HSYSADMIN", detail={"files": names, "rows": plan.counts()}
    )
    for change in plan.changes:
        if change.fields and not change.is_new and change.row.table is not DIVISIONS:
            record_change(change.thing, change.fields, by=by)


def record_change(thing: Any, fields: dict[str, tuple[Any, Any]], *, by: Any, part: str = "") -> None:
    """The audit line of an edit: of which establishment, which part of it, and before and after by field."""
    place = thing if isinstance(thing, Establishment) else thing.establishment
    record_event(
        "territory.edit",
        by=by,
        entity="Establishment",
        entity_id=str(place.pk),
        purpose="HSYSADMIN",
        detail={
            "part": part or (f"service {thing.code}" if isinstance(thing, Service) else ""),
            "changes": {name: {"before": before, "after": after} for name, (before, after) in fields.items()},
        },
    )
