"""Places of the demo: all divisions of Algeria, and the real public places of Constantine with invented insides."""

import datetime

from maristan.core.territory.models import Establishment, Service, Unit
from maristan.core.territory.services import load_divisions, load_wilaya

SERVICES = {
    "25-chu-01": [
        ("medint", "Médecine interne", "الطب الداخلي"),
        ("chira", "Chirurgie A", "الجراحة أ"),
        ("pedia", "Pédiatrie", "طب الأطفال"),
        ("urg", "Urgences médico-chirurgicales", "الاستعجالات الطبية الجراحية"),
        ("cardio", "Cardiologie", "أمراض القلب"),
        ("labo", "Laboratoire central", "المخبر المركزي"),
        ("radio", "Radiologie", "الأشعة"),
        ("pharm", "Pharmacie", "الصيدلية"),
    ],
    "25-ehs-03": [("mater", "Maternité", "الأمومة"), ("neonat", "Néonatologie", "طب حديثي الولادة")],
    "25-eph-04": [
        ("medint", "Médecine interne", "الطب الداخلي"),
        ("chira", "Chirurgie", "الجراحة"),
        ("urg", "Urgences", "الاستعجالات"),
    ],
}
UNITS = [("h", "Unité hommes", "وحدة الرجال"), ("f", "Unité femmes", "وحدة النساء")]


def load_demo(*, today: datetime.date) -> None:
    """Idempotent: what is there stays."""
    load_divisions()
    load_wilaya("25", by=None)
    for code, services in SERVICES.items():
        establishment = Establishment.objects.get(code=code)
        for service, name_fr, name_ar in services:
            _add_service(establishment, service, name_fr, name_ar)


def _add_service(establishment: Establishment, code: str, name_fr: str, name_ar: str) -> None:
    service, new = Service.objects.get_or_create(
        establishment=establishment, code=code, defaults={"name_fr": name_fr, "name_ar": name_ar}
    )
    if new and code in ("medint", "chira"):
        Unit.objects.bulk_create(
            Unit(service=service, code=unit, name_fr=unit_fr, name_ar=unit_ar) for unit, unit_fr, unit_ar in UNITS
        )
