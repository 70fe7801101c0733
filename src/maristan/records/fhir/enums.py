"""Words of the store: what happened to a bundle file, and which labels make a fact sensitive."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FileState(TextChoices):
    """What an import made of one file. There is no state "half done": a bundle is one transaction."""

    DONE = "done", _("imported")
    REFUSED = "refused", _("refused")


class Change(TextChoices):
    """What a write did to one resource."""

    CREATED = "created", _("created")
    UPDATED = "updated", _("updated")
    UNCHANGED = "unchanged", _("unchanged")
    DELETED = "deleted", _("deleted")


# meta.security codes after which a resource disappears for those who may not know it exists.
# v3-Confidentiality: R restricted, V very restricted. v3-ActCode: the value set InformationSensitivityPolicy.
CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
SENSITIVITY = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
SENSITIVE_LABELS = {
    CONFIDENTIALITY: frozenset({"R", "V"}),
    SENSITIVITY: frozenset(
        [
            "ETH",
            "GDIS",
            "HIV",
            "MST",
            "SCA",
            "SDV",
            "SEX",
            "SPI",
            "BH",
            "COGN",
            "DVD",
            "EMOTDIS",
            "MH",
            "PSY",
            "PSYTHPN",
            "SUD",
            "ETHUD",
            "OPIOIDUD",
            "STD",
            "TBOO",
            "VIO",
        ]
    ),
}
