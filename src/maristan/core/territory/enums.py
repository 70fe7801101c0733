"""Kinds of places and of what is known about them. Codes are ours; labels are the terms of the two ministries."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DivisionLevel(TextChoices):
    WILAYA = "wilaya", _("wilaya or region")
    DAIRA = "daira", _("daïra or province")
    COMMUNE = "commune", _("commune")


class EstablishmentKind(TextChoices):
    CHU = "chu", _("university hospital")
    EHS = "ehs", _("specialised hospital")
    HOSPITAL = "hospital", _("hospital")
    EPH = "eph", _("public hospital")
    EPSP = "epsp", _("community health establishment")
    POLYCLINIC = "polyclinic", _("polyclinic")
    HEALTH_CENTRE = "health_centre", _("health centre")
    CARE_ROOM = "care_room", _("care room")
    MATERNITY = "maternity", _("maternity")
    CLINIC = "clinic", _("private clinic")
    PHARMACY = "pharmacy", _("pharmacy")
    CIVIL_PROTECTION = "civil_protection", _("civil protection unit")
    DIRECTORATE = "directorate", _("health directorate")
    PARTNER = "partner", _("partner establishment")


class EstablishmentState(TextChoices):
    OPEN = "open", pgettext_lazy("state of an establishment", "open")
    PLANNED = "planned", _("planned")
    SUSPENDED = "suspended", _("suspended")
    CLOSED = "closed", _("closed")


class Precision(TextChoices):
    EXACT = "exact", _("exact point")
    APPROXIMATE = "approximate", _("approximate (centre of the commune)")
    NONE = "none", _("no position")


class ContactKind(TextChoices):
    TELEPHONE = "telephone", _("telephone")
    EMERGENCY = "emergency", _("emergency telephone")
    FAX = "fax", _("fax")
    EMAIL = "email", _("e-mail")
    WEB = "web", _("web site")


class Weekday(IntegerChoices):
    """Numbered as Python does; a territory's week begins where its locale says (Sunday in Algeria)."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")


DOUBTS = {  # what the shipped tables could not confirm, by its key there; people write their own words
    "law_date": _("the date is that of the law; the day it took effect is to be confirmed"),
    "commune_unknown": _("the registry does not say in which commune"),
    "name_unknown": _("its name is not known; this one is made of its kind and commune"),
    "name_composed": _("its French name is made of its status and commune"),
    "manager_deduced": _("who manages it is deduced from the commune"),
}
