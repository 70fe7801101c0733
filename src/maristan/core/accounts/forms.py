"""What people and administrators type about accounts."""

import datetime
from typing import Any

from allauth.account.forms import ChangePasswordForm
from django import forms
from django.core.validators import validate_slug
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maristan.core.accounts import rules
from maristan.core.accounts.models import Post, Role, User
from maristan.core.accounts.queries import group_rights, places_within
from maristan.core.territory.models import Division, Establishment, Service

_KINDS = {"d": Division, "e": Establishment, "s": Service}


class UnlockForm(forms.Form):
    secret = forms.CharField(
        label=_("Password, or the six digits of your application"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autofocus": True, "autocomplete": "current-password", "dir": "ltr"}),
    )


class OwnPasswordForm(ChangePasswordForm):
    """allauth's form in our words."""

    LABELS = {
        "oldpassword": _("Present password"),
        "password1": _("New password"),
        "password2": _("New password, once more"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.LABELS.items():
            self.fields[name].label, self.fields[name].help_text = label, ""
            self.fields[name].widget.attrs.pop("placeholder", None)
            self.fields[name].widget.attrs["dir"] = "ltr"

    def clean(self) -> dict[str, Any]:
        facts = self.cleaned_data
        first, second = facts.get("password1"), facts.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two new passwords differ."))
        return facts


class PlaceField(forms.ChoiceField):
    """A place within the giver's own: the list holds no other, and an invented value is refused."""

    def offer(self, post: Post) -> None:
        divisions, establishments, services = places_within(post)
        by_house: dict[Any, list[tuple[str, str]]] = {}
        for service in services:
            by_house.setdefault(service.establishment, []).append((f"s{service.pk}", str(service)))
        groups = [(str(house), found) for house, found in by_house.items()]
        self.choices = [
            ("", _("Choose")),
            *((f"d{division.pk}", str(division)) for division in divisions),
            *((f"e{house.pk}", str(house)) for house in establishments),
            *groups,
        ]

    def clean(self, value: str) -> Division | Establishment | Service:
        value = super().clean(value)
        return _KINDS[value[0]].objects.get(pk=value[1:])


class GivePostForm(forms.Form):
    """A role, in a place of the giver's own, for a time, for a reason."""

    role = forms.ModelChoiceField(Role.objects.all(), label=_("Role"), empty_label=_("Choose"))
    place = PlaceField(label=_("Place"))
    starts_on = forms.DateField(label=_("First day"), initial=timezone.localdate, help_text=_("Today or later."))
    ends_on = forms.DateField(label=_("Last day"), required=False, help_text=_("Empty: no end is set."))
    reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("Appointment, replacement, duty: read by the person and by audits.")
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [role.pk for role in Role.objects.all() if rules.can_give_role.test(by, role)]
        self.fields["role"].queryset = Role.objects.filter(pk__in=roles)
        self.fields["place"].offer(by.post)

    def clean_starts_on(self) -> datetime.date:
        day = self.cleaned_data["starts_on"]
        if day < timezone.localdate():
            raise forms.ValidationError(_("A post is not given in the past: choose today or a later day."))
        return day

    def clean(self) -> dict[str, Any]:
        facts = super().clean()
        start, end = facts.get("starts_on"), facts.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("The last day comes before the first."))
        return facts

    def post_facts(self) -> dict[str, Any]:
        """What `give_post` needs: a post that begins today begins now, one that ends on a day ends with it."""
        facts = self.cleaned_data
        today = facts.get("starts_on") in (None, timezone.localdate())
        return {
            "role": facts["role"],
            "place": facts["place"],
            "reason": facts["reason"],
            "starts_at": timezone.now() if today else _midnight(facts["starts_on"]),
            "ends_at": _midnight(facts["ends_on"] + datetime.timedelta(days=1)) if facts.get("ends_on") else None,
        }


class NewAccountForm(GivePostForm):
    """An account with its first post. Its first password is made by the machine and shown once."""

    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        validators=[validate_slug],
        help_text=_("Small letters, digits and hyphens; it does not change."),
        widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off", "autocapitalize": "none"}),
    )
    last_name = forms.CharField(label=_("Family name"), max_length=80)
    first_name = forms.CharField(label=_("Given name"), max_length=80)
    last_name_ar = forms.CharField(
        label=_("Family name in Arabic"), max_length=80, widget=forms.TextInput(attrs={"dir": "rtl", "lang": "ar"})
    )
    first_name_ar = forms.CharField(
        label=_("Given name in Arabic"), max_length=80, widget=forms.TextInput(attrs={"dir": "rtl", "lang": "ar"})
    )
    email = forms.EmailField(label=_("E-mail"), required=False, widget=forms.EmailInput(attrs={"dir": "ltr"}))
    telephone = forms.CharField(
        label=_("Telephone"), required=False, max_length=20, widget=forms.TextInput(attrs={"dir": "ltr", "type": "tel"})
    )
    starts_on = None
    field_order = ("last_name", "first_name", "last_name_ar", "first_name_ar", "username", "email", "telephone")

    PERSON = ("username", "last_name", "first_name", "last_name_ar", "first_name_ar", "email", "telephone")

    def clean_username(self) -> str:
        username = self.cleaned_data["username"].lower()
        if User.objects.filter(username=username).exists():
            raise forms.ValidationError(_("Another account has this user name: add a digit or a second given name."))
        return username

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if email and User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("Another account has this e-mail."))
        return email

    def account_facts(self) -> dict[str, Any]:
        facts = {name: value for name, value in self.post_facts().items() if name != "starts_at"}
        return facts | {name: self.cleaned_data[name] for name in self.PERSON}


class ReasonForm(forms.Form):
    reason = forms.CharField(label=_("Why"), max_length=200)


class RoleForm(forms.ModelForm):
    """A role's names, and its rights by area."""

    permissions = forms.MultipleChoiceField(required=False, label=_("Rights"))

    class Meta:
        model = Role
        fields = ("name_fr", "name_ar", "name_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name_ar"].widget.attrs |= {"dir": "rtl", "lang": "ar"}
        self.groups = group_rights()
        self.fields["permissions"].choices = [
            (right.code, right.label) for group in self.groups for right in group.rights
        ]
        self.held = set(self.data.getlist("permissions") if self.is_bound else self.instance.permissions)

    def facts(self) -> dict[str, Any]:
        unknown = set(self.instance.permissions) - {code for code, _label in self.fields["permissions"].choices}
        return self.cleaned_data | {"permissions": sorted(unknown.union(self.cleaned_data["permissions"]))}


class NewRoleForm(RoleForm):
    class Meta(RoleForm.Meta):
        fields = ("code", *RoleForm.Meta.fields)
        labels = {"code": _("Code")}
        help_texts = {"code": _("Small letters and hyphens; it does not change.")}


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
