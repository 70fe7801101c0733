"""What a desk types: names in either script, birth as it is known, numbers. Rules stand in the models and services."""

import datetime
import re
import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from maristan.core.territory.models import Division
from maristan.records.patients.enums import BirthPrecision, Domain, Naming, Sex
from maristan.records.patients.models import Person, normalise_identifier, normalise_telephone
from maristan.records.patients.models.identifier import PATTERNS, fold_digits
from maristan.records.patients.models.names import fold, is_arabic
from maristan.records.patients.queries.typed import read_typed

SEXES = [
    (Sex.FEMALE, _("female")),
    (Sex.MALE, _("male")),
    (Sex.OTHER, _("indeterminate")),
    (Sex.UNKNOWN, _("not known")),
]


class BirthField(forms.CharField):
    """A birth date as far as it is known: 12/03/1959, 03/1959 or 1959. Gives (date, precision), or None."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("birth date"))
        options.setdefault("help_text", _("12/03/1959, 03/1959 or 1959"))
        super().__init__(max_length=10, **options)
        self.widget.attrs |= {"inputmode": "numeric", "dir": "ltr", "autocomplete": "off"}

    def clean(self, value: Any) -> tuple[datetime.date, str] | None:
        text = super().clean(fold_digits((value or "").strip()))
        if not text:
            return None
        parts = [int(part) for part in re.split(r"[/.\-\s]", text) if part.isdigit()]
        try:
            day, month, year = [1, 1, *parts][-3:]
            born = datetime.date(year, month, day)
        except (ValueError, IndexError) as error:
            raise ValidationError(_("Write the birth date as 12/03/1959, 03/1959 or 1959.")) from error
        if not datetime.date(1850, 1, 1) <= born <= timezone.localdate():
            raise ValidationError(_("This birth date is in the future or before 1850."))
        return born, {3: BirthPrecision.DAY, 2: BirthPrecision.MONTH}.get(len(parts), BirthPrecision.YEAR)


class CommuneField(forms.CharField):
    """A commune typed by name in either script, or chosen in the list of the wilaya."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=120, required=False, **options)
        self.widget.attrs |= {"list": "communes", "autocomplete": "off"}

    def clean(self, value: Any) -> Division | None:
        text = super().clean(value)
        if not text:
            return None
        for commune in Division.objects.filter(level="commune", valid_until=None).order_by("code"):
            if fold(text) in (fold(commune.name_fr), fold(commune.name_ar)):
                return commune
        raise ValidationError(_("No commune has this name. Choose one of the list, or leave it empty."))


class TelephoneField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(label=_("telephone"), max_length=25, required=False, **options)
        self.widget = forms.TextInput(attrs={"inputmode": "tel", "dir": "ltr", "autocomplete": "off", "type": "tel"})

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return normalise_telephone(text) if text else ""


class NumberField(forms.CharField):
    """An identifier, checked by the pattern of its domain."""

    def __init__(self, pattern: str, wrong: Any, **options: Any) -> None:
        super().__init__(max_length=40, required=False, **options)
        self.pattern, self.wrong = pattern, wrong
        self.widget.attrs |= {"dir": "ltr", "autocomplete": "off"}

    def clean(self, value: Any) -> str:
        number = normalise_identifier(super().clean(value))
        if number and not re.fullmatch(self.pattern, number):
            raise ValidationError(self.wrong)
        return number


class Labelled:
    """Labels of a form begin with a capital; the same words stand small in tables and histories."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for field in self.fields.values():
            field.label = capfirst(field.label)


class IdentityForm(Labelled, forms.ModelForm):
    """The civil identity of a person; `facts()` gives what the services take."""

    sex = forms.ChoiceField(label=_("sex"), choices=SEXES, widget=forms.RadioSelect)
    birth = BirthField(required=False)
    presumed = forms.BooleanField(label=_("presumed by the civil registry"), required=False)
    age = forms.IntegerField(
        label=_("or estimated age"),
        required=False,
        min_value=0,
        max_value=125,
        help_text=_("in years, when no date is known"),
        widget=forms.NumberInput(attrs={"dir": "ltr"}),
    )
    commune = CommuneField(label=_("commune of residence"))
    birth_commune = CommuneField(label=_("commune of birth"))

    class Meta:
        model = Person
        fields = (
            *("family_fr", "given_fr", "family_ar", "given_ar", "sex", "spouse_family_fr", "spouse_family_ar"),
            *("father_given_fr", "father_given_ar", "mother_family_fr", "mother_given_fr"),
            *("mother_family_ar", "mother_given_ar", "birth_commune", "commune", "address"),
        )

    NAMES = ("family_fr", "given_fr", "family_ar", "given_ar")
    BIRTH = ("birth", "age", "presumed")
    PARENTS = (
        *("spouse_family_fr", "spouse_family_ar", "father_given_fr", "father_given_ar"),
        *("mother_family_fr", "mother_given_fr", "mother_family_ar", "mother_given_ar"),
    )
    PLACES = ("birth_commune", "commune", "address")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in self.fields:
            if name.endswith(("_fr", "_ar")):
                arabic = name.endswith("_ar")
                attrs = {"dir": "rtl" if arabic else "ltr", "lang": "ar" if arabic else "fr", "autocomplete": "off"}
                self.fields[name].widget.attrs |= attrs
        if self.instance.pk and not self.instance._state.adding and not self.is_bound:
            self.initial |= _known_birth(self.instance)
            for name in ("commune", "birth_commune"):
                self.initial[name] = str(getattr(self.instance, name) or "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.instance.naming = Naming.NAMED
        if cleaned.get("birth") and cleaned.get("age") is not None:
            self.add_error("age", _("Give the birth date or an age, not both."))
        if cleaned.get("presumed") and not cleaned.get("birth") and "birth" not in self.errors:
            self.add_error("birth", _("A presumed birth has a year."))
        return cleaned

    def facts(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        facts = {name: cleaned[name] for name in self.Meta.fields}
        born, precision = cleaned["birth"] or (None, BirthPrecision.UNKNOWN)
        if cleaned["presumed"] and born:
            born, precision = born.replace(month=1, day=1), BirthPrecision.PRESUMED
        elif cleaned.get("age") is not None:
            born = datetime.date(timezone.localdate().year - cleaned["age"], 1, 1)
            precision = BirthPrecision.ESTIMATED
        return {**facts, "birth_date": born, "birth_precision": precision}

    def group(self, names: Iterable[str]) -> list[forms.BoundField]:
        return [self[name] for name in names]

    @property
    def names(self) -> list[forms.BoundField]:
        return self.group(self.NAMES)

    @property
    def births(self) -> list[forms.BoundField]:
        return self.group(self.BIRTH)

    @property
    def parents(self) -> list[forms.BoundField]:
        return self.group(self.PARENTS)

    @property
    def places(self) -> list[forms.BoundField]:
        return self.group(self.PLACES)

    @property
    def folded_has_errors(self) -> bool:
        """Whether an entry of the folded part must be corrected: the part is then open."""
        return any(name in self.errors for name in (*self.PARENTS, *self.PLACES))


def _known_birth(person: Person) -> dict[str, Any]:
    born, precision = person.birth_date, person.birth_precision
    if not born or precision == BirthPrecision.ESTIMATED:
        return {"age": timezone.localdate().year - born.year} if born else {}
    form = {BirthPrecision.DAY: "%d/%m/%Y", BirthPrecision.MONTH: "%m/%Y"}.get(precision, "%Y")
    return {"birth": born.strftime(form), "presumed": precision == BirthPrecision.PRESUMED}


NUMBERS = {
    Domain.NIN: (PATTERNS[Domain.NIN], _("The national number has 18 digits.")),
    Domain.CNIE: (PATTERNS[Domain.CNIE], _("The number of an identity card has 5 to 12 letters and digits.")),
    Domain.CHIFA: (PATTERNS[Domain.CHIFA], _("The number of a Chifa card has 8 to 18 digits.")),
}


class RegistrationForm(IdentityForm):
    """A new person, the short part first; the duplicates the clerk has set apart come back in `seen`."""

    telephone = TelephoneField()
    nin = NumberField(*NUMBERS[Domain.NIN], label=Domain.NIN.label)
    chifa = NumberField(*NUMBERS[Domain.CHIFA], label=Domain.CHIFA.label)
    chifa_rank = forms.IntegerField(label=_("rank in the family"), required=False, min_value=0, max_value=30)
    cnie = NumberField(*NUMBERS[Domain.CNIE], label=Domain.CNIE.label)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    NUMBERS = ("nin", "chifa", "chifa_rank", "cnie")

    @property
    def numbers(self) -> list[forms.BoundField]:
        return self.group(self.NUMBERS)

    @property
    def folded_has_errors(self) -> bool:
        return super().folded_has_errors or any(name in self.errors for name in self.NUMBERS)

    def clean_seen(self) -> set[uuid.UUID]:
        try:
            return {uuid.UUID(text) for text in self.cleaned_data["seen"].split()}
        except ValueError:
            return set()

    def facts(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        identifiers = [
            {
                "domain": domain,
                "value": cleaned[domain],
                **({"rank": cleaned["chifa_rank"]} if domain == "chifa" else {}),
            }
            for domain in ("nin", "chifa", "cnie")
            if cleaned[domain]
        ]
        telephones = [cleaned["telephone"]] if cleaned["telephone"] else []
        return {**super().facts(), "identifiers": identifiers, "telephones": telephones}


def begin_from_search(text: str) -> dict[str, str]:
    """What a search that found nobody already says of the person to register."""
    typed = read_typed(text)
    script = "ar" if any(is_arabic(word) for word in typed.words) else "fr"
    kept = [word for word in text.split() if not any(sign.isdigit() for sign in word)]
    names = dict(zip((f"family_{script}", f"given_{script}"), (kept[:1], kept[1:]), strict=True))
    initial = {field: " ".join(words) for field, words in names.items()}
    if typed.births and len(typed.births[0]) == 8:
        initial["birth"] = f"{typed.births[0][6:]}/{typed.births[0][4:6]}/{typed.births[0][:4]}"
    elif typed.numbers and typed.is_number_only:
        initial["telephone"] = text
    return initial


class UnknownForm(Labelled, forms.Form):
    """Somebody who cannot say who they are: everything may stay empty."""

    sex = forms.ChoiceField(
        label=_("sex"), choices=SEXES, required=False, widget=forms.RadioSelect, initial=Sex.UNKNOWN
    )
    age = forms.IntegerField(label=_("estimated age"), required=False, min_value=0, max_value=125)
    marks = forms.CharField(
        label=_("distinguishing marks"),
        required=False,
        max_length=300,
        help_text=_("clothes, scars, where they were found"),
    )


class NewbornForm(Labelled, forms.Form):
    sex = forms.ChoiceField(label=_("sex"), choices=SEXES, widget=forms.RadioSelect)
    birth = BirthField()

    def clean_birth(self) -> datetime.date:
        born, precision = self.cleaned_data["birth"]
        if precision != BirthPrecision.DAY:
            raise ValidationError(_("Give the day of birth."))
        return born


class IdentifierForm(Labelled, forms.Form):
    """A number to add to a person already registered."""

    domain = forms.ChoiceField(
        label=_("kind"),
        choices=[(domain, domain.label) for domain in (Domain.NIN, Domain.CNIE, Domain.CHIFA, Domain.NUMBER)],
    )
    value = forms.CharField(label=_("number"), max_length=40, widget=forms.TextInput(attrs={"dir": "ltr"}))
    rank = forms.IntegerField(label=_("rank in the family"), required=False, min_value=0, max_value=30)


class TelephoneForm(Labelled, forms.Form):
    number = TelephoneField()
    label = forms.CharField(label=_("note"), required=False, max_length=60)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["number"].required = True
