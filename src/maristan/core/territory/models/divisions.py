"""Wilayas, daïras and communes, each valid between two dates."""

import datetime

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maristan.core.territory.enums import DivisionLevel
from maristan.core.territory.models.names import Doubtful, Named, fold


class Division(Named, Doubtful):
    """A wilaya, daïra or commune (in Morocco: region, province, commune), valid between two dates.

    A reform closes a division and opens another: nothing is overwritten, so an old address stays readable.
    `valid_until` is the first day on which it no longer holds.
    """

    level = models.CharField(_("level"), max_length=10, choices=DivisionLevel)
    code = models.CharField(_("code"), max_length=12)
    country = models.CharField(_("country"), max_length=2, default="DZ")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    wilaya = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="inside")
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    search = models.TextField(editable=False, default="")

    class Meta:
        ordering = ("code", "valid_from")
        indexes = [models.Index(fields=["wilaya", "level"], name="division_wilaya_level")]
        constraints = [
            models.UniqueConstraint(
                fields=["country", "level", "code", "valid_from"],
                name="division_once",
                nulls_distinct=False,
                violation_error_message=_("This division already exists with the same date of validity."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_from__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="division_ends_after_it_begins",
                violation_error_message=_("A division ends after it begins."),
            ),
            ExclusionConstraint(
                name="division_one_at_a_time",
                expressions=[
                    ("country", "="),
                    ("level", "="),
                    ("code", "="),
                    (
                        Func(
                            "valid_from",
                            "valid_until",
                            Value("[)"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                violation_error_message=_("Two divisions of the same code are valid on the same day."),
            ),
            models.CheckConstraint(
                condition=Q(level="wilaya", wilaya__isnull=True) | (~Q(level="wilaya") & Q(wilaya__isnull=False)),
                name="division_inside_a_wilaya",
                violation_error_message=_("A daïra or a commune lies inside a wilaya."),
            ),
        ]

    def save(self, *args: object, **kwargs: object) -> None:
        self.search = self.search_text()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("territory:division", args=[self.pk])

    def search_text(self) -> str:
        """What a search compares: both names and the code."""
        return fold(f"{self.name_fr} {self.name_ar} {self.code}")

    def is_valid(self, on: datetime.date) -> bool:
        """Whether this division exists on that day."""
        return (self.valid_from is None or self.valid_from <= on) and (
            self.valid_until is None or on < self.valid_until
        )

    @property
    def within_ids(self) -> tuple[int | None, ...]:
        """Divisions whose scope covers this one: itself, its parent, its wilaya."""
        return (self.pk, self.parent_id, self.wilaya_id)


class Outline(models.Model):
    """The simplified border of a division (GeoJSON geometry, WGS 84), apart from it so that lists stay light."""

    division = models.OneToOneField(Division, models.CASCADE, related_name="outline")
    geometry = models.JSONField()

    def __str__(self) -> str:
        return str(self.division)
