"""How an interaction ended, why it was made, and the human labels of actions."""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Outcome(TextChoices):
    SUCCESS = "success", _("done")
    REFUSED = "refused", _("refused")
    FAILED = "failed", _("failed")


class Purpose(TextChoices):
    """Reasons of use: codes of HL7 v3-ActReason."""

    TREAT = "TREAT", _("care")
    ETREAT = "ETREAT", _("emergency care")
    HOPERAT = "HOPERAT", _("running the establishment")
    PATRQT = "PATRQT", _("request of the person")
    HRESCH = "HRESCH", _("research")
    HSYSADMIN = "HSYSADMIN", _("running the system")


ACTION_LABELS: dict[str, Any] = {}  # filled by services.register_action, from each area's hooks
