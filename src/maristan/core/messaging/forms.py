"""Forms of messaging: check input, then call the service."""

from django import forms
from django.utils.translation import gettext_lazy as _

from maristan.core.messaging.enums import Channel
from maristan.core.messaging.models import ContactRule


class ContactRuleForm(forms.ModelForm):
    """A contact that is not safe for one person."""

    channel = forms.ChoiceField(
        label=_("What must not be used"), choices=[("", _("everything")), *Channel.choices[1:]], required=False
    )

    class Meta:
        model = ContactRule
        fields = ("channel", "address", "reason")
        labels = {"address": _("Number or address (empty: all of them)"), "reason": _("Why")}
