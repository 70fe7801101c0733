"""The filters of the journal. All are optional; without any, it shows the last seven days."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from maristan.core.audit.enums import ACTION_LABELS, Outcome
from maristan.core.audit.services.journal import places_of

FIRST_DAYS = 7
DAYS = ["%d/%m/%Y", "%Y-%m-%d"]


class DayInput(forms.DateInput):
    """A day as it is written here (16/11/2026), whatever the language of the browser."""

    def __init__(self) -> None:
        attributes = {"inputmode": "numeric", "autocomplete": "off", "dir": "ltr", "maxlength": 10, "class": "m-num"}
        super().__init__(format="%d/%m/%Y", attrs=attributes)


class JournalFilter(forms.Form):
    person = forms.CharField(label=_("Person"), required=False, max_length=100)
    actor = forms.CharField(label=_("Who"), required=False, max_length=100)
    action = forms.ChoiceField(label=_("What was done"), required=False)
    establishment = forms.TypedChoiceField(label=_("Establishment"), required=False, coerce=int, empty_value=None)
    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=[("", _("all")), *Outcome.choices])
    start = forms.DateField(label=_("From"), required=False, widget=DayInput, input_formats=DAYS)
    end = forms.DateField(label=_("Until"), required=False, widget=DayInput, input_formats=DAYS)

    def __init__(self, data: QueryDict, *, user: Any) -> None:
        data = data.copy()
        today = timezone.localdate()
        data.setdefault("start", f"{today - timedelta(days=FIRST_DAYS - 1):%d/%m/%Y}")
        data.setdefault("end", f"{today:%d/%m/%Y}")
        super().__init__(data)
        every = [("", _("all"))]
        actions = sorted(((code, str(label)) for code, label in ACTION_LABELS.items()), key=lambda pair: pair[1])
        self.fields["action"].choices = [*every, *actions]
        self.fields["establishment"].choices = [*every, *places_of(user)]

    def clean(self) -> dict[str, Any]:
        found = super().clean()
        if found.get("start") and found.get("end") and found["start"] > found["end"]:
            self.add_error("end", _("The last day comes before the first: change one of the two."))
        return found
