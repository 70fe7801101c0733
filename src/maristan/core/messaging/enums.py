"""Channels and states of a message."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(TextChoices):
    IN_APP = "in_app", _("notice on screen")
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("SMS")
    CALL = "call", _("telephone call")
    LETTER = "letter", _("letter")


class State(TextChoices):
    WAITING = "waiting", _("waiting")
    SENDING = "sending", _("being sent")
    SENT = "sent", _("sent")
    DELIVERED = "delivered", _("delivered")
    UNCERTAIN = "uncertain", _("to be checked")
    FAILED = "failed", pgettext_lazy("message", "failed")
    HELD = "held", _("not sent")


class Held(TextChoices):
    """Why a message was written but deliberately not sent."""

    OPTED_OUT = "opted_out", _("the person asked for no more messages")
    UNSAFE = "unsafe", _("this contact is not safe for the person")
    TOO_LATE = "too_late", _("its time had passed")
    CANCELLED = "cancelled", _("the fact was cancelled")
