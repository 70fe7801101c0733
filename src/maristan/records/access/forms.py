"""What people type about accesses. The rules are in the services."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maristan.records.access.enums import Judgement, Reason


class WordsForm(forms.Form):
    """A few words: a request, an explanation, a question, an answer."""

    words = forms.CharField(
        label=_("In a few words"), max_length=500, widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"})
    )


class BreakGlassForm(forms.Form):
    reason = forms.ChoiceField(label=_("If care cannot wait: why?"), choices=Reason, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("In a few words"),
        min_length=10,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        error_messages={"min_length": _("Write at least %(limit_value)d letters: the reviewer has only these words.")},
    )
    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "dir": "ltr"}),
    )
    code = forms.CharField(
        label=_("Code of 6 digits"),
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "dir": "ltr", "maxlength": 10}
        ),
    )

    def __init__(self, *args: Any, needs_code: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if needs_code:
            self.fields["code"].required = True
        else:
            del self.fields["code"]


class VerdictForm(WordsForm):
    judgement = forms.ChoiceField(label=_("Verdict"), choices=Judgement, widget=forms.RadioSelect)
    field_order = ("judgement", "words")


class RelationForm(forms.Form):
    reason = forms.CharField(label=_("Why your service takes care of this person"), max_length=200)
    until = forms.DateField(
        label=_("Until (may stay empty)"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"}),
        help_text=_("day/month/year"),
    )

    def clean_until(self) -> datetime.datetime | None:
        """The end of that day, where the service is."""
        day = self.cleaned_data["until"]
        if day is None:
            return None
        if day < timezone.localdate():
            raise forms.ValidationError(_("This day is past."))
        return timezone.make_aware(datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time.min))
