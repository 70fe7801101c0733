"""Places of the demo: all divisions of Algeria, and the real public places of Constantine with invented insides.

Names, kinds and positions of establishments are public facts; services, units, rooms, hours and telephones of services
are invented, and so is the partner elsewhere.
"""

import datetime

from maristan.core.territory.models import Establishment, Group, OpeningHours, Room, Service, Site, Unit
from maristan.core.territory.services import load_divisions, load_wilaya

CHU = "25-chu-01"
SERVICES = {
    CHU: [
        ("medint", "Médecine interne", "الطب الداخلي", "bardo"),
        ("chira", "Chirurgie A", "الجراحة أ", "bardo"),
        ("pedia", "Pédiatrie", "طب الأطفال", "bardo"),
        ("urg", "Urgences médico-chirurgicales", "الاستعجالات الطبية الجراحية", "entree"),
        ("cardio", "Cardiologie", "أمراض القلب", "bardo"),
        ("labo", "Laboratoire central", "المخبر المركزي", "entree"),
        ("radio", "Radiologie", "الأشعة", "entree"),
        ("pharm", "Pharmacie", "الصيدلية", "entree"),
    ],
    "25-ehs-03": [("mater", "Maternité", "الأمومة", ""), ("neonat", "Néonatologie", "طب حديثي الولادة", "")],
    "25-eph-04": [
        ("medint", "Médecine interne", "الطب الداخلي", ""),
        ("chira", "Chirurgie", "الجراحة", ""),
        ("urg", "Urgences", "الاستعجالات", ""),
    ],
}
SITES = [("bardo", "Bâtiment des services", "مبنى المصالح"), ("entree", "Plateau technique", "المنصة التقنية")]
UNITS = [("h", "Unité hommes", "وحدة الرجال"), ("f", "Unité femmes", "وحدة النساء")]
PARTNER = {
    "kind": "partner",
    "country": "FR",
    "name_fr": "Centre hospitalier partenaire (démonstration)",
    "name_ar": "المركز الاستشفائي الشريك (تجريبي)",
    "short_fr": "CH partenaire",
    "short_ar": "المركز الشريك",
    "source": "Démonstration",
}
MANAGED = ("polyclinic", "care_room", "health_centre")


def load_demo(*, today: datetime.date) -> None:
    """Idempotent: what is there stays."""
    load_divisions()
    load_wilaya("25", by=None)
    for code, services in SERVICES.items():
        _add_services(Establishment.objects.get(code=code), services)
    _add_managers()
    _add_group()
    Establishment.objects.get_or_create(code="fr-partenaire-01", defaults=PARTNER)


def _add_services(place: Establishment, services: list[tuple[str, str, str, str]]) -> None:
    sites = {}
    if place.code == CHU:
        for code, name_fr, name_ar in SITES:
            names = {"name_fr": name_fr, "name_ar": name_ar}
            sites[code], _new = Site.objects.get_or_create(establishment=place, code=code, defaults=names)
    for number, (code, name_fr, name_ar, site) in enumerate(services):
        facts = {"name_fr": name_fr, "name_ar": name_ar, "site": sites.get(site), "floor": str(number % 4)}
        service, new = Service.objects.get_or_create(establishment=place, code=code, defaults=facts)
        if new:
            _furnish(service)


def _furnish(service: Service) -> None:
    """Units and rooms for wards; round-the-clock hours for emergencies, working hours for the rest."""
    if service.code in ("medint", "chira", "cardio", "pedia", "mater"):
        units = [Unit(service=service, code=code, name_fr=fr, name_ar=ar) for code, fr, ar in UNITS]
        units = Unit.objects.bulk_create(units if service.code in ("medint", "chira", "cardio") else [])
        Room.objects.bulk_create(
            Room(service=service, code=f"{200 + number}", unit=units[number % len(units)] if units else None)
            for number in range(1, 9)
        )
    around_the_clock = service.code in ("urg", "mater", "neonat", "labo")
    days = range(7) if around_the_clock else (6, 0, 1, 2, 3)
    opens, closes = (0, 1440) if around_the_clock else (480, 960)
    OpeningHours.objects.bulk_create(
        OpeningHours(establishment=service.establishment, service=service, weekday=day, opens=opens, closes=closes)
        for day in days
    )


def _add_managers() -> None:
    """Polyclinics and care rooms go to the community health establishment of their commune, when there is just one."""
    epsp: dict[int, list[Establishment]] = {}
    for place in Establishment.objects.filter(kind="epsp", wilaya__code="25", commune__isnull=False):
        epsp.setdefault(place.commune_id, []).append(place)
    for place in Establishment.objects.filter(kind__in=MANAGED, wilaya__code="25", parent=None):
        managers = epsp.get(place.commune_id, [])
        if len(managers) == 1:
            place.parent = managers[0]
            place.to_confirm = place.to_confirm or "manager_deduced"
            place.save()


def _add_group() -> None:
    """Two hospitals under one direction, invented: the registry says nothing of groups."""
    names = {"name_fr": "Direction commune du Khroub (démonstration)", "name_ar": "مديرية مشتركة للخروب (تجريبي)"}
    group, new = Group.objects.get_or_create(code="demo-khroub", defaults=names)
    if new:
        Establishment.objects.filter(code__in=("25-eph-02", "25-eph-04")).update(group=group)
