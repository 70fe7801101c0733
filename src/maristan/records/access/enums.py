"""Why a record is open, why the glass was broken, and what was judged of it."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Basis(TextChoices):
    """What opens a record; the first that holds is the one that is written."""

    OWN = "own", _("own record")
    RELATION = "relation", _("care relation")
    BREAK_GLASS = "break_glass", _("break-glass")
    NONE = "none", _("no basis")


class RelationSource(TextChoices):
    DECLARED = "declared", _("declared by the service")
    REGISTRATION = "registration", _("registered by the service")
    REQUEST = "request", _("given by the responsible physician")


class Reason(TextChoices):
    """Reasons of a break-glass, in the order of their keys on the form."""

    LIFE = "life", _("Life at risk, no time to register")
    ADVICE = "advice", _("Advice asked by telephone by the physician")
    ARRIVAL = "arrival", _("Arriving by ambulance, prepare the reception")
    OTHER = "other", _("Another reason, to be stated")


class Ending(TextChoices):
    TIME = "time", _("closed by time")
    HAND = "hand", _("closed by hand")
    EXTENSION = "extension", _("followed by another")


class Judgement(TextChoices):
    JUSTIFIED = "justified", pgettext_lazy("verdict", "justified")
    TO_EXPLAIN = "to_explain", pgettext_lazy("verdict", "to be explained")
    UNJUSTIFIED = "unjustified", pgettext_lazy("verdict", "unjustified")


class Sensitivity(TextChoices):
    """HL7 v3-Confidentiality: how closely the very existence of a record is kept."""

    RESTRICTED = "R", _("restricted")
    VERY_RESTRICTED = "V", _("very restricted")
