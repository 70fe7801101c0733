"""Kinds of accounts and of scopes."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AccountKind(TextChoices):
    STAFF = "staff", _("staff")
    CITIZEN = "citizen", _("citizen")
    SYSTEM = "system", _("system")
