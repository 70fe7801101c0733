"""The tables that may be loaded: their columns, the words by which a heading is known, how a cell is read.

A file's table is known by its headings: `level` makes divisions, `kind` establishments, `establishment` services.
A column that a file does not have leaves what is known as it is; an empty cell empties it.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from maristan.core.territory.enums import DivisionLevel, EstablishmentKind, EstablishmentState, Precision
from maristan.core.territory.models.names import fold
from maristan.core.territory.services import cells


@dataclass(frozen=True)
class Column:
    """One column: its name, the headings that mean it, how its cells are read, and whether one may be empty."""

    name: str
    read: cells.Reader
    headings: tuple[str, ...] = ()
    required: bool = False
    empty: object = ""

    def is_meant_by(self, heading: str) -> bool:
        return fold(heading).replace(" ", "_") in {fold(word).replace(" ", "_") for word in (self.name, *self.headings)}


@dataclass(frozen=True)
class Table:
    """One kind of table; `mark` is the column by which it is told from the others, `key` what makes a row one."""

    name: str
    label: Any
    mark: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


_CODE = Column("code", cells.code(40), ("الرمز",), required=True)
_NAMES = (
    Column("name_fr", cells.text(200), ("name", "nom", "nom_francais", "الاسم بالفرنسية"), required=True),
    Column("name_ar", cells.text(200), ("nom_arabe", "nom_ar", "الاسم بالعربية", "الاسم")),
)
_POSITION = (
    Column("latitude", cells.degrees(90), ("lat", "خط العرض"), empty=None),
    Column("longitude", cells.degrees(180), ("lng", "lon", "خط الطول"), empty=None),
)
_VALIDITY = (
    Column("valid_from", cells.date, ("valable_depuis", "ouvert_depuis", "منذ"), empty=None),
    Column("valid_until", cells.date, ("valable_jusqu_au", "ferme_le", "إلى غاية"), empty=None),
)
_SOURCE = (
    Column("source", cells.text(120), ("المصدر",)),
    Column("to_confirm", cells.text(200), ("a_confirmer", "للتأكيد")),
)

DIVISIONS = Table(
    "divisions",
    _("divisions"),
    "level",
    ("country", "level", "code", "valid_from"),
    (
        Column("level", cells.choice(DivisionLevel), ("niveau", "المستوى"), required=True),
        Column("code", cells.code(12), ("الرمز",), required=True),
        *_NAMES,
        Column("country", cells.code(2), ("pays", "البلد"), empty="DZ"),
        Column("parent", cells.code(12), ("dans", "التابع ل"), empty=None),
        Column("wilaya", cells.code(12), ("region", "الولاية"), empty=None),
        Column("population", cells.whole, ("عدد السكان",), empty=None),
        *_POSITION,
        *_VALIDITY,
        *_SOURCE,
    ),
)
ESTABLISHMENTS = Table(
    "establishments",
    _("establishments"),
    "kind",
    ("code",),
    (
        _CODE,
        Column("kind", cells.choice(EstablishmentKind), ("type", "nature", "النوع"), required=True),
        *_NAMES,
        Column("short_fr", cells.text(60), ("nom_court", "الاسم المختصر بالفرنسية")),
        Column("short_ar", cells.text(60), ("nom_court_arabe", "الاسم المختصر")),
        Column("country", cells.code(2), ("pays", "البلد"), empty="DZ"),
        Column("wilaya", cells.code(12), ("الولاية",), empty=None),
        Column("commune", cells.text(120), ("البلدية",), empty=None),
        Column("managed_by", cells.code(40), ("gere_par", "parent", "تسيره"), empty=None),
        Column("group", cells.code(40), ("groupe", "المجموعة"), empty=None),
        Column("address", cells.text(200), ("adresse", "العنوان")),
        *_POSITION,
        Column("precision", cells.choice(Precision), ("الدقة",), empty=None),
        Column("telephone", cells.telephones, ("tel", "phone", "الهاتف"), empty=()),
        Column("emergency", cells.telephones, ("tel_urgences", "هاتف الاستعجالات"), empty=()),
        Column("fax", cells.telephones, ("الفاكس",), empty=()),
        Column("email", cells.email, ("courriel", "البريد الإلكتروني"), empty=()),
        Column("web", cells.web, ("site_web", "الموقع"), empty=()),
        Column("hours", cells.hours, ("horaires", "opening_hours", "المواقيت"), empty=()),
        Column("state", cells.choice(EstablishmentState), ("etat", "الحالة"), empty="open"),
        *_VALIDITY,
        *_SOURCE,
    ),
)
SERVICES = Table(
    "services",
    _("services"),
    "establishment",
    ("establishment", "code"),
    (
        Column("establishment", cells.code(40), ("etablissement", "المؤسسة"), required=True),
        _CODE,
        *_NAMES,
        Column("floor", cells.text(40), ("etage", "الطابق")),
        Column("telephone", cells.text(30), ("tel", "الهاتف")),
        Column("closed_on", cells.date, ("ferme_le", "أغلقت في"), empty=None),
    ),
)
TABLES = (DIVISIONS, ESTABLISHMENTS, SERVICES)
