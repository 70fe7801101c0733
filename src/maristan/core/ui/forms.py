"""The sample form of the gallery."""

from django import forms
from django.utils.translation import gettext_lazy as _


class GalleryForm(forms.Form):
    """One field of each kind."""

    temperature = forms.DecimalField(
        label=_("Temperature"), min_value=25, max_value=45, help_text=_("In °C, under the arm."), localize=True
    )
    name = forms.CharField(label=_("Name"), max_length=60)
    place = forms.ChoiceField(label=_("Service"), choices=[("a", _("Surgery")), ("b", _("Internal medicine"))])
    born = forms.DateField(label=_("Date of birth"), required=False)
    remark = forms.CharField(label=_("Remark"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    reason = forms.ChoiceField(
        label=_("Reason"), choices=[("e", _("Emergency")), ("t", _("Transfer"))], widget=forms.RadioSelect
    )
    told = forms.BooleanField(label=_("The family was told"), required=False)
