"""Codes of the civil identity; labels are the words of a registration desk."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sex(TextChoices):
    """FHIR administrative-gender."""

    MALE = "male", _("male")
    FEMALE = "female", _("female")
    OTHER = "other", _("indeterminate")
    UNKNOWN = "unknown", _("not known")


class BirthPrecision(TextChoices):
    """How much of `birth_date` is known; the parts not known are stored as 01.

    PRESUMED is what the civil registry writes for a person born before registration reached them ("présumé en 1942");
    ESTIMATED is an age guessed at the desk or in an ambulance.
    """

    DAY = "day", _("exact date")
    MONTH = "month", _("month and year")
    YEAR = "year", _("year only")
    PRESUMED = "presumed", _("presumed year (civil registry)")
    ESTIMATED = "estimated", _("estimated age")
    UNKNOWN = "unknown", _("not known")


class Naming(TextChoices):
    """What the person is called by: their own names, their mother's until they are named, or a number."""

    NAMED = "named", _("named")
    NEWBORN = "newborn", _("newborn not yet named")
    UNKNOWN = "unknown", _("identity to establish")


class Domain(TextChoices):
    """Who gives an identifier."""

    NIN = "nin", _("national number (NIN)")
    CNIE = "cnie", _("national identity card (CNIE)")
    NUMBER = "number", _("establishment number (IPP)")
    CHIFA = "chifa", _("Chifa card")
    OTHER = "other", _("other system")


STRONG_DOMAINS = (Domain.NIN, Domain.CNIE, Domain.NUMBER)
"""One living, undisputed identifier of these belongs to one person only. A Chifa number may serve a family."""


class TelephoneHolder(TextChoices):
    OWN = "own", _("their own")
    RELATIVE = "relative", _("a relative's")
    OTHER = "other", _("another's")


class MatchReason(TextChoices):
    """Why a person is in the answer to a search."""

    IDENTIFIER = "identifier", _("identifier")
    TELEPHONE = "telephone", _("telephone")
    BIRTH = "birth", _("birth date")
    NAME = "name", _("name")
    BEGINNING = "beginning", _("beginning of the name")
    SPELLING = "spelling", _("name written differently")
