"""Kinds of places. Codes are ours; labels are the terms of the two ministries."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


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
    CARE_ROOM = "care_room", _("care room")
    MATERNITY = "maternity", _("maternity")
    CLINIC = "clinic", _("private clinic")
    PHARMACY = "pharmacy", _("pharmacy")
    CIVIL_PROTECTION = "civil_protection", _("civil protection unit")
    DIRECTORATE = "directorate", _("health directorate")
    PARTNER = "partner", _("partner establishment")
