"""Kinds of accounts, and the roles every installation begins with."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AccountKind(TextChoices):
    STAFF = "staff", _("staff")
    CITIZEN = "citizen", _("citizen")
    SYSTEM = "system", _("system")


# code: (French, Arabic, English). Names are data: the administrator may change them.
DEFAULT_ROLES = {
    "nurse": ("Infirmier", "ممرض", "Nurse"),
    "midwife": ("Sage-femme", "قابلة", "Midwife"),
    "physician": ("Médecin", "طبيب", "Physician"),
    "pharmacist": ("Pharmacien", "صيدلي", "Pharmacist"),
    "laboratory": ("Laboratoire", "مخبري", "Laboratory"),
    "reception": ("Agent d’accueil", "عون استقبال", "Reception clerk"),
    "callagent": ("Agent d’appel", "عون نداء", "Call agent"),
    "regulator": ("Régulateur des urgences", "منظم الاستعجالات", "Emergency regulator"),
    "crew": ("Équipage d’ambulance", "طاقم سيارة الإسعاف", "Ambulance crew"),
    "archivist": ("Archiviste", "مكلف بالأرشيف", "Archivist"),
    "director": ("Direction d’établissement", "مدير المؤسسة", "Establishment director"),
    "hr": ("Ressources humaines", "الموارد البشرية", "HR officer"),
    "directorate": ("Direction de la santé", "مديرية الصحة", "Health directorate"),
    "ministry": ("Ministère", "الوزارة", "Ministry"),
    "dpo": ("Délégué à la protection des données", "مندوب حماية المعطيات", "Data protection officer"),
    "admin": ("Administrateur", "مسؤول النظام", "Administrator"),
    "citizen": ("Citoyen", "مواطن", "Citizen"),
}

# The first word of a right's code, as the administrator reads it.
RIGHT_GROUPS = {
    "access": _("Access to records"),
    "accounts": _("People and roles"),
    "audit": _("Audit"),
    "messaging": _("Messages"),
    "patients": _("Identity of patients"),
    "record": _("Patient records"),
    "territory": _("Territory"),
    "ui": _("Building of screens"),
}
