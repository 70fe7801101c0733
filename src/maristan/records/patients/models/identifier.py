"""What identifies or reaches a person: numbers by domain, telephones; and the counters that slow an enumeration."""

import re

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maristan.core.accounts.models import User
from maristan.core.territory.models import Establishment
from maristan.records.patients.enums import STRONG_DOMAINS, Domain, TelephoneHolder
from maristan.records.patients.models.names import fold
from maristan.records.patients.models.person import Person


def normalise_identifier(value: str) -> str:
    """Capitals and digits only: "25-0148 337" and "٢٥-٠١٤٨٣٣٧" are one number."""
    return "".join(sign for sign in fold(value).upper() if sign.isalnum())


def written_number(value: str) -> str:
    """An establishment or call number as people read it: "25-0148337", "X-1000004"."""
    return re.sub(r"^(\d\d|X)(?=\d{7}$)", r"\1-", value)


PATTERNS = {Domain.NIN: "[0-9]{18}", Domain.CNIE: "[A-Z0-9]{5,12}", Domain.CHIFA: "[0-9]{8,18}"}
"""What the number of a domain looks like, normalised. The check digit of the NIN is not public."""


class Identifier(models.Model):
    """A number given to a person by somebody, for a time. Ended, never deleted: old papers keep leading here.

    A strong number that another living identity holds is kept as `is_disputed`: the patient is cared for, and the
    identity officer settles it.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="identifiers")
    domain = models.CharField(_("kind"), max_length=10, choices=Domain)
    value = models.CharField(_("number"), max_length=64)
    rank = models.PositiveSmallIntegerField(_("rank in the family"), null=True, blank=True)
    establishment = models.ForeignKey(Establishment, models.PROTECT, null=True, blank=True, related_name="+")
    system = models.CharField(max_length=200, blank=True, help_text="URI of the giver, for other systems")
    is_disputed = models.BooleanField(default=False)
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        ordering = ("domain", "starts_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["domain", "value", "establishment"],
                condition=Q(domain__in=STRONG_DOMAINS, ends_on__isnull=True, is_disputed=False),
                nulls_distinct=False,
                name="strong_identifier_once",
                violation_error_message=_("Another person holds this number."),
            ),
            models.UniqueConstraint(
                fields=["person", "domain", "value", "establishment", "system"],
                condition=Q(ends_on__isnull=True),
                nulls_distinct=False,
                name="identifier_once_a_person",
                violation_error_message=_("This person already has this number."),
            ),
            models.CheckConstraint(
                condition=~Q(domain=Domain.NIN) | Q(value__regex=f"^{PATTERNS[Domain.NIN]}$"),
                name="nin_has_18_digits",
                violation_error_message=_("The national number has 18 digits."),
            ),
            models.CheckConstraint(
                condition=~Q(domain=Domain.CNIE) | Q(value__regex=f"^{PATTERNS[Domain.CNIE]}$"),
                name="cnie_has_5_to_12_signs",
                violation_error_message=_("The number of an identity card has 5 to 12 letters and digits."),
            ),
            models.CheckConstraint(
                condition=~Q(domain=Domain.CHIFA) | Q(value__regex=f"^{PATTERNS[Domain.CHIFA]}$"),
                name="chifa_has_8_to_18_digits",
                violation_error_message=_("The number of a Chifa card has 8 to 18 digits."),
            ),
            models.CheckConstraint(
                condition=Q(domain=Domain.NUMBER, establishment__isnull=False)
                | (~Q(domain=Domain.NUMBER) & Q(establishment__isnull=True)),
                name="only_an_establishment_number_has_one",
                violation_error_message=_("An establishment number names its establishment; other numbers do not."),
            ),
            models.CheckConstraint(
                condition=Q(domain=Domain.OTHER, system__gt="") | (~Q(domain=Domain.OTHER) & Q(system="")),
                name="other_identifier_names_its_system",
                violation_error_message=_("A number of another system names that system."),
            ),
            models.CheckConstraint(
                condition=Q(rank__isnull=True) | Q(domain=Domain.CHIFA),
                name="only_a_chifa_card_has_a_rank",
                violation_error_message=_("Only a Chifa card has a rank in the family."),
            ),
            models.CheckConstraint(
                condition=Q(value__gt=""),
                name="identifier_is_not_empty",
                violation_error_message=_("The number is empty."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="identifier_ends_after_it_begins",
                violation_error_message=_("A number ends after it begins."),
            ),
        ]
        indexes = [models.Index(fields=["value"], name="identifier_beginning", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return f"{self.get_domain_display()} {self.written}"

    @property
    def is_live(self) -> bool:
        return self.ends_on is None

    @property
    def written(self) -> str:
        """The number as people read it: 25-0148337; the Chifa number with its rank."""
        if self.domain == Domain.NUMBER:
            return written_number(self.value)
        return f"{self.value}/{self.rank}" if self.rank is not None else self.value


COUNTRY_CODES = {"DZ": "213", "MA": "212", "TN": "216"}
NATIONAL_LENGTHS = {"213": (8, 9), "212": (9,), "216": (8,)}


def normalise_telephone(text: str, *, country: str = "DZ") -> str:
    """E.164 of a number typed in any way: "0661 23 45 67" → "+213661234567". Raises ValidationError in human words."""
    digits = re.sub(r"[^\d+]", "", fold_digits(text))
    digits = "+" + digits[2:] if digits.startswith("00") else digits
    if not digits.startswith("+"):
        digits = f"+{COUNTRY_CODES[country]}{digits.removeprefix('0')}"
    code = next((code for code in NATIONAL_LENGTHS if digits.startswith(f"+{code}")), None)
    national = digits[4:].removeprefix("0") if code else ""
    if code and len(national) not in NATIONAL_LENGTHS[code]:
        raise ValidationError(_("This telephone number is too short or too long."), code="telephone")
    if not re.fullmatch(r"\+[1-9]\d{6,14}", digits):
        raise ValidationError(_("This is not a telephone number."), code="telephone")
    return f"+{code}{national}" if code else digits


def fold_digits(text: str) -> str:
    """`text` with Western digits; the signs between them stay."""
    return "".join(str(int(sign)) if sign.isdecimal() else sign for sign in text)


def national_part(number: str) -> str:
    """A number without its country code or first 0, as a search compares them."""
    code = next((code for code in NATIONAL_LENGTHS if number.startswith(f"+{code}")), None)
    return number[4:] if code else number.removeprefix("+")


class Telephone(models.Model):
    """A number that reaches a person, kept as E.164; `national` is what a search compares."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="telephones")
    number = models.CharField(_("telephone"), max_length=16)
    national = models.CharField(max_length=16, editable=False)
    holder = models.CharField(_("whose"), max_length=10, choices=TelephoneHolder, default=TelephoneHolder.OWN)
    label = models.CharField(_("note"), max_length=60, blank=True)
    starts_on = models.DateField(default=timezone.localdate)
    ends_on = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField(default=timezone.now, editable=False)
    added_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        ordering = ("holder", "starts_on", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "number"],
                condition=Q(ends_on__isnull=True),
                name="telephone_once_a_person",
                violation_error_message=_("This person already has this telephone number."),
            ),
            models.CheckConstraint(
                condition=Q(number__regex=r"^\+[1-9][0-9]{6,14}$"),
                name="telephone_is_international",
                violation_error_message=_("This is not a telephone number."),
            ),
        ]
        indexes = [models.Index(fields=["national"], name="telephone_beginning", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return self.written

    def save(self, *args, **kwargs) -> None:
        self.national = national_part(self.number)
        super().save(*args, **kwargs)

    @property
    def is_live(self) -> bool:
        return self.ends_on is None

    @property
    def written(self) -> str:
        """As people of the country write it: 0661 23 45 67; with + for other countries."""
        if not self.number.startswith("+213"):
            return self.number
        local = "0" + self.national
        return " ".join([local[: len(local) - 6], local[-6:-4], local[-4:-2], local[-2:]])


class SearchRate(models.Model):
    """How many searches one user made in one minute: what slows down somebody who walks through the names."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    minute = models.DateTimeField()
    searches = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "minute"], name="search_rate_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user} {self.minute:%H:%M} {self.searches}"
