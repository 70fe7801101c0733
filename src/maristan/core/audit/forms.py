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


class DayInput(forms.DateInput):
    """The browser's own day field, which speaks ISO whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class JournalFilter(forms.Form):
    person = forms.CharField(label=_("Person"), required=False, max_length=100)
    actor = forms.CharField(label=_("Who"), required=False, max_length=100)
    action = forms.ChoiceField(label=_("What was done"), required=False)
    establishment = forms.TypedChoiceField(label=_("Establishment"), required=False, coerce=int, empty_value=None)
    outcome = forms.ChoiceField(label=_("Outcome"), required=False, choices=[("", _("all")), *Outcome.choices])
    start = forms.DateField(label=_("From"), required=False, widget=DayInput, input_formats=["%Y-%m-%d"])
    end = forms.DateField(label=_("Until"), required=False, widget=DayInput, input_formats=["%Y-%m-%d"])

    def __init__(self, data: QueryDict, *, user: Any) -> None:
        data = data.copy()
        data.setdefault("start", str(timezone.localdate() - timedelta(days=FIRST_DAYS - 1)))
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
