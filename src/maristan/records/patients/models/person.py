"""The person: one identity, as declared or read on a document. What identifies them stands in `identifier`."""

import datetime
import uuid
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from maristan.core.accounts.models import User
from maristan.core.territory.models import Division, Establishment
from maristan.records.patients.enums import BirthPrecision, Naming, Sex
from maristan.records.patients.models.names import search_words

SEARCHED_NAMES = ("family_fr", "given_fr", "spouse_family_fr", "family_ar", "given_ar", "spouse_family_ar")


class NameWord(models.Model):
    """Every folded word ever seen in a name: the dictionary in which a mistyped word finds its neighbours.

    It grows with the words of the language, not with the number of persons, and says nothing of anybody.
    """

    word = models.CharField(max_length=120, primary_key=True)

    def __str__(self) -> str:
        return self.word

    @classmethod
    def remember(cls, search_words: str) -> None:
        """Add the name words of a person, skeletons and numbers aside; known ones cost one read and no lock."""
        words = {word for word in search_words.split() if word.isalpha()}
        missing = words - set(cls.objects.filter(word__in=words).values_list("word", flat=True))
        cls.objects.bulk_create([cls(word=word) for word in sorted(missing)], ignore_conflicts=True)


def _name(label: Any) -> models.CharField:
    return models.CharField(label, max_length=120, blank=True)


class Person(models.Model):
    """One person of the territory. Rows are never deleted; every change is audited with what was there before.

    Do not set `search_words` by hand, nor change names with `update()`: `save()` keeps both in step.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    naming = models.CharField(max_length=10, choices=Naming, default=Naming.NAMED)
    family_fr = _name(_("family name"))
    given_fr = _name(_("given name"))
    family_ar = _name(_("family name in Arabic"))
    given_ar = _name(_("given name in Arabic"))
    spouse_family_fr = _name(_("married name"))
    spouse_family_ar = _name(_("married name in Arabic"))
    father_given_fr = _name(_("father's given name"))
    father_given_ar = _name(_("father's given name in Arabic"))
    mother_family_fr = _name(_("mother's family name"))
    mother_family_ar = _name(_("mother's family name in Arabic"))
    mother_given_fr = _name(_("mother's given name"))
    mother_given_ar = _name(_("mother's given name in Arabic"))
    sex = models.CharField(_("sex"), max_length=10, choices=Sex, default=Sex.UNKNOWN)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    birth_precision = models.CharField(
        _("exactness of the birth date"), max_length=10, choices=BirthPrecision, default=BirthPrecision.UNKNOWN
    )
    birth_commune = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("commune of birth")
    )
    commune = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("commune of residence")
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    mother = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="newborns")
    birth_rank = models.PositiveSmallIntegerField(
        _("order of birth"), null=True, blank=True, help_text="1 is the first"
    )
    call_number = models.CharField(max_length=30, blank=True, help_text="what an unknown person is called by")
    marks = models.CharField(_("distinguishing marks"), max_length=300, blank=True)
    is_deceased = models.BooleanField(default=False)
    deceased_at = models.DateTimeField(_("died on"), null=True, blank=True)
    account = models.OneToOneField(User, models.PROTECT, null=True, blank=True, related_name="person")
    registered_at = models.DateTimeField(default=timezone.now, editable=False)
    registered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", editable=False)
    registered_in = models.ForeignKey(Establishment, models.PROTECT, null=True, related_name="+", editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False, help_text="rises by one with every change")
    search_words = models.TextField(editable=False, help_text="folded words; see models/names.py")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(naming=Naming.NAMED)
                | Q(family_fr__gt="")
                | Q(family_ar__gt="")
                | Q(given_fr__gt="")
                | Q(given_ar__gt=""),
                name="person_has_a_name",
                violation_error_message=_("Give a name in one script, or register an unknown person."),
            ),
            models.CheckConstraint(
                condition=~Q(naming=Naming.NEWBORN) | Q(mother__isnull=False),
                name="newborn_has_a_mother",
                violation_error_message=_("A newborn without a name is registered under the mother."),
            ),
            models.CheckConstraint(
                condition=~Q(naming=Naming.UNKNOWN) | Q(call_number__gt=""),
                name="unknown_person_has_a_number",
                violation_error_message=_("An unknown person is called by a number."),
            ),
            models.CheckConstraint(
                condition=~Q(mother=F("id")),
                name="nobody_is_their_own_mother",
                violation_error_message=_("A person cannot be their own mother."),
            ),
            models.CheckConstraint(
                condition=Q(birth_date__isnull=True, birth_precision=BirthPrecision.UNKNOWN)
                | (Q(birth_date__isnull=False) & ~Q(birth_precision=BirthPrecision.UNKNOWN)),
                name="birth_date_says_how_exact_it_is",
                violation_error_message=_("Say how exact the birth date is, or leave both empty."),
            ),
            models.CheckConstraint(
                condition=Q(birth_date__isnull=True)
                | Q(birth_date__gte=datetime.date(1850, 1, 1), birth_date__lte=Now() + datetime.timedelta(days=1)),
                name="birth_is_not_in_the_future",
                violation_error_message=_("The birth date is in the future or before 1850."),
            ),
            models.CheckConstraint(
                condition=Q(deceased_at__isnull=True) | Q(is_deceased=True),
                name="date_of_death_means_deceased",
                violation_error_message=_("A person with a date of death is deceased."),
            ),
        ]
        indexes = [
            models.Index(fields=["birth_date"], name="person_birth_date"),
            models.Index(fields=["call_number"], name="person_call_number", condition=Q(call_number__gt="")),
            models.Index(fields=["mother"], name="person_mother", condition=Q(mother__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.name_fr or self.name_ar

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.search_words = self.found_by()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "search_words"}
        super().save(*args, **kwargs)
        NameWord.remember(self.search_words)

    def get_absolute_url(self) -> str:
        return f"/record/{self.pk}/"  # the record page stands higher on the stair, so its name is unknown here

    def found_by(self) -> str:
        """The folded words this person is found by; `save()` stores them, bulk loads set them."""
        names = [getattr(self, field) for field in SEARCHED_NAMES]
        if self.naming == Naming.NEWBORN and self.mother:
            names += [self.mother.family_fr, self.mother.family_ar]
        return search_words(names, self.birth_date, self.birth_precision, [self.call_number])

    @property
    def name_fr(self) -> str:
        """FAMILY Given, in Latin letters; empty if only the Arabic name is known."""
        if self.naming == Naming.NEWBORN:
            return " ".join(filter(None, ["Nouveau-né de", self.mother.name_fr or self.mother.name_ar, self._twin]))
        if self.naming == Naming.UNKNOWN:
            return f"Identité inconnue {self.call_number}"
        married = f"ép. {self.spouse_family_fr.upper()}" if self.spouse_family_fr else ""
        return " ".join(filter(None, [self.family_fr.upper(), married, self.given_fr]))

    @property
    def name_ar(self) -> str:
        """Family and given name in Arabic; empty if only the Latin name is known."""
        if self.naming == Naming.NEWBORN:
            return " ".join(filter(None, ["مولود", self.mother.name_ar or self.mother.name_fr, self._twin]))
        if self.naming == Naming.UNKNOWN:
            return f"هوية مجهولة {self.call_number}"
        married = f"زوجة {self.spouse_family_ar}" if self.spouse_family_ar else ""
        return " ".join(filter(None, [self.family_ar, married, self.given_ar]))

    @property
    def _twin(self) -> str:
        return f"({self.birth_rank})" if self.birth_rank else ""

    @property
    def name(self) -> str:
        """The name in the script of the page, else in the other."""
        in_arabic = (get_language() or "").startswith("ar")
        return (self.name_ar or self.name_fr) if in_arabic else (self.name_fr or self.name_ar)

    @property
    def other_name(self) -> str:
        """The name in the other script than `name`, or nothing."""
        return next((name for name in (self.name_fr, self.name_ar) if name and name != self.name), "")

    @property
    def name_language(self) -> str:
        return "ar" if self.name == self.name_ar else "fr"

    @property
    def other_language(self) -> str:
        return "fr" if self.name_language == "ar" else "ar"

    @property
    def mother_name_fr(self) -> str:
        return f"{self.mother_family_fr.upper()} {self.mother_given_fr}".strip()

    @property
    def mother_name_ar(self) -> str:
        return f"{self.mother_family_ar} {self.mother_given_ar}".strip()

    @property
    def is_birth_exact(self) -> bool:
        return self.birth_precision == BirthPrecision.DAY

    @property
    def birth_words(self) -> str:
        """The birth date as known: 12/03/1959, 03/1959, 1959, "presumed 1959", "about 1959"; empty if not known."""
        if not self.birth_date:
            return ""
        year = self.birth_date.year
        return {
            BirthPrecision.DAY: self.birth_date.strftime("%d/%m/%Y"),
            BirthPrecision.MONTH: self.birth_date.strftime("%m/%Y"),
            BirthPrecision.PRESUMED: gettext("presumed %(year)s") % {"year": year},
            BirthPrecision.ESTIMATED: gettext("about %(year)s") % {"year": year},
        }.get(self.birth_precision, str(year))

    @property
    def sex_words(self) -> str:
        """Woman, man, or girl and boy under 16; empty if not known."""
        years = self.age_on(timezone.localdate())
        is_child = years is not None and years < 16
        words = {
            Sex.FEMALE: gettext("girl") if is_child else gettext("woman"),
            Sex.MALE: gettext("boy") if is_child else gettext("man"),
            Sex.OTHER: gettext("indeterminate sex"),
        }
        return words.get(self.sex, "")

    def age_on(self, day: datetime.date) -> int | None:
        """Completed years on `day`; with a year only, the difference of years."""
        if not self.birth_date:
            return None
        years = day.year - self.birth_date.year
        if self.birth_precision in (BirthPrecision.DAY, BirthPrecision.MONTH):
            years -= (day.month, day.day) < (self.birth_date.month, self.birth_date.day)
        return max(years, 0)

    @property
    def age_words(self) -> str:
        """The age in words today, at death for a deceased person: days under 2 months, months under 3 years."""
        last = timezone.localdate(self.deceased_at) if self.deceased_at else timezone.localdate()
        years = self.age_on(last)
        if years is None:
            return ""
        if self.is_birth_exact and years < 3:
            return _small_age(self.birth_date, last)
        words = ngettext("%(count)s year", "%(count)s years", years) % {"count": years}
        return words if self.is_birth_exact else gettext("about %(age)s") % {"age": words}


def _small_age(birth: datetime.date, last: datetime.date) -> str:
    days = max((last - birth).days, 0)
    if days < 61:
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
    months = (last.year - birth.year) * 12 + last.month - birth.month - (last.day < birth.day)
    return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}
