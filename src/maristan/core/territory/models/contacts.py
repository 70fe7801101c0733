"""How to reach an establishment, and when it is open."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import IntegerRangeField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from maristan.core.territory.enums import ContactKind, Weekday
from maristan.core.territory.models.establishments import Establishment
from maristan.core.territory.models.services import Service

DAY = 1440  # minutes


class Contact(models.Model):
    """A telephone, an e-mail or a web address of an establishment."""

    establishment = models.ForeignKey(Establishment, models.CASCADE, related_name="contacts")
    kind = models.CharField(_("kind"), max_length=10, choices=ContactKind, default=ContactKind.TELEPHONE)
    value = models.CharField(_("number or address"), max_length=120)
    note = models.CharField(_("note"), max_length=80, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "kind", "value"],
                name="contact_once",
                violation_error_message=_("This contact is already there."),
            ),
        ]

    def __str__(self) -> str:
        return self.value


class OpeningHours(models.Model):
    """One stretch of a day when an establishment, or one of its services, is open.

    Minutes after midnight, 0 to 1440: a night is two stretches, a whole day is 0 to 1440.
    """

    establishment = models.ForeignKey(Establishment, models.CASCADE, related_name="hours")
    service = models.ForeignKey(Service, models.CASCADE, null=True, blank=True, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday)
    opens = models.PositiveSmallIntegerField(_("opens"))
    closes = models.PositiveSmallIntegerField(_("closes"))

    class Meta:
        ordering = ("weekday", "opens")
        constraints = [
            models.CheckConstraint(
                condition=Q(weekday__lte=6, closes__lte=DAY, closes__gt=F("opens")),
                name="hours_close_after_they_open",
                violation_error_message=_("It closes after it opens, at 24:00 at the latest."),
            ),
            ExclusionConstraint(
                name="hours_do_not_overlap",
                expressions=[
                    ("establishment", "="),
                    (Coalesce("service", 0), "="),
                    ("weekday", "="),
                    (Func("opens", "closes", function="int4range", output_field=IntegerRangeField()), "&&"),
                ],
                violation_error_message=_("Two opening times of the same day overlap."),
            ),
        ]

    def __str__(self) -> str:
        return f"{clock(self.opens)}-{clock(self.closes)}"


def clock(minutes: int) -> str:
    """Minutes after midnight as they are read: 510 is 08:30, 1440 is 24:00."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
