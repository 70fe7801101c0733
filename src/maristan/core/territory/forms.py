"""What people type about places. Rules live in the services; cells of hours and telephones are read as in a file."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from maristan.core.territory.enums import EstablishmentKind, EstablishmentState
from maristan.core.territory.models import Division, Establishment, Room, Service, Site, Unit
from maristan.core.territory.queries import communes_of, divisions_on, filter_establishments, managers_in
from maristan.core.territory.services import cells
from maristan.core.territory.services.planning import CONTACTS, hours_in_words
from maristan.core.territory.services.problems import CellRefused


class CellField(forms.CharField):
    """A field read as the cell of a file is, with the same words when it is refused."""

    def __init__(self, read: Callable[[str], Any], *, empty: Any = (), **options: Any) -> None:
        super().__init__(required=False, max_length=500, **options)
        self.read, self.nothing = read, empty

    def clean(self, value: Any) -> Any:
        try:
            text = cells.clean(super().clean(value))
            return self.read(text) if text else self.nothing
        except CellRefused as refusal:
            raise forms.ValidationError(f"{refusal.what} {refusal.remedy}") from None


class FilterForm(forms.Form):
    """The filters of the list and of its map. Unknown values filter nothing."""

    text = forms.CharField(
        label=_("Name or code"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    wilaya = forms.ModelChoiceField(
        Division.objects.none(), label=_("Wilaya"), required=False, to_field_name="code", empty_label=_("all")
    )
    commune = forms.ModelChoiceField(Division.objects.none(), label=_("Commune"), required=False, empty_label=_("all"))
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    manager = forms.ModelChoiceField(
        Establishment.objects.none(), label=_("Managed by"), required=False, empty_label=_("all")
    )
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, data: Any, *, home: Division | None) -> None:
        if "wilaya" not in data and home is not None:
            data = data.copy()
            data["wilaya"] = home.code
        super().__init__(data)
        self.fields["wilaya"].queryset = divisions_on().filter(level="wilaya", country="DZ")
        self.wilaya = self.fields["wilaya"].queryset.filter(code=data.get("wilaya", "")[:12]).first()
        if self.wilaya is not None:
            self.fields["commune"].queryset = communes_of(self.wilaya)
            self.fields["manager"].queryset = managers_in(self.wilaya)
        self.fields["kind"].choices = [("", _("all")), *EstablishmentKind.choices]
        self.fields["state"].choices = [("", _("all")), *EstablishmentState.choices, ("confirm", _("to be confirmed"))]

    def chosen(self) -> Any:
        """The establishments that pass the filters."""
        self.is_valid()
        facts = {name: self.cleaned_data.get(name) for name in ("text", "commune", "kind", "manager", "state")}
        return filter_establishments(wilaya=self.wilaya, **facts)


class EstablishmentForm(forms.ModelForm):
    """One establishment, with its contacts and opening hours on the same page."""

    telephone = CellField(cells.telephones, label=_("Telephones"), help_text=_("Separate two numbers with “;”."))
    emergency = CellField(cells.telephones, label=_("Emergency telephone"))
    fax = CellField(cells.telephones, label=_("Fax"))
    email = CellField(cells.email, label=_("E-mail"))
    web = CellField(cells.web, label=_("Web site"))
    hours = CellField(
        cells.hours, label=_("Opening hours"), help_text=_("As Su-Th 08:00-16:30; Sa 08:00-12:00, or 24/7.")
    )

    class Meta:
        model = Establishment
        fields = (
            "name_fr",
            "name_ar",
            "short_fr",
            "short_ar",
            "kind",
            "state",
            "commune",
            "parent",
            "group",
            "address",
            "latitude",
            "longitude",
            "precision",
            "valid_from",
            "valid_until",
            "source",
            "to_confirm",
        )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        wilaya = self.instance.wilaya
        if wilaya is not None:
            self.fields["commune"].queryset = communes_of(wilaya)
            self.fields["parent"].queryset = managers_in(wilaya).exclude(pk=self.instance.pk)
        if self.instance.pk:
            known = list(self.instance.contacts.all())
            for kind in CONTACTS:
                self.initial[kind] = "; ".join(contact.value for contact in known if contact.kind == kind)
            stretches = self.instance.hours.filter(service=None).values_list("weekday", "opens", "closes")
            self.initial["hours"] = hours_in_words(stretches)

    def contacts(self) -> dict[str, tuple[str, ...]]:
        return {kind: self.cleaned_data[kind] for kind in CONTACTS}


class NewEstablishmentForm(EstablishmentForm):
    """A new establishment also receives its code, which never changes after."""

    class Meta(EstablishmentForm.Meta):
        fields = ("code", *EstablishmentForm.Meta.fields)


class SiteForm(forms.ModelForm):
    class Meta:
        model = Site
        fields = ("code", "name_fr", "name_ar", "address")


class ServiceForm(forms.ModelForm):
    """A service, with its own opening hours when they differ from those of the establishment."""

    hours = CellField(
        cells.hours, label=_("Opening hours"), help_text=_("As Su-Th 08:00-16:30; Sa 08:00-12:00, or 24/7.")
    )

    class Meta:
        model = Service
        fields = ("code", "name_fr", "name_ar", "site", "floor", "telephone", "closed_on")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["site"].queryset = self.instance.establishment.sites.all()
        if self.instance.pk:
            stretches = self.instance.hours.values_list("weekday", "opens", "closes")
            self.initial["hours"] = hours_in_words(stretches)


class UnitForm(forms.ModelForm):
    class Meta:
        model = Unit
        fields = ("code", "name_fr", "name_ar")


class RoomForm(forms.ModelForm):
    class Meta:
        model = Room
        fields = ("code", "unit", "note")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].queryset = self.instance.service.units.all()


PART_FORMS: dict[str, type[forms.ModelForm]] = {
    "site": SiteForm,
    "service": ServiceForm,
    "unit": UnitForm,
    "room": RoomForm,
}


class UploadForm(forms.Form):
    """The file to load."""

    file = forms.FileField(label=_("File"), help_text=_("CSV, JSON or Excel (.xlsx)."), allow_empty_file=True)
