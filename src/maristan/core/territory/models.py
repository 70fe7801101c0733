"""The places of a territory: divisions of the state, establishments, their services, units and rooms."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from maristan.core.territory.enums import DivisionLevel, EstablishmentKind


class Division(models.Model):
    """A wilaya, daïra or commune (in Morocco: region, province, commune), valid between two dates.

    A reform closes a division and opens another: nothing is overwritten, so an old address stays readable.
    """

    level = models.CharField(max_length=10, choices=DivisionLevel)
    code = models.CharField(max_length=12)
    country = models.CharField(max_length=2, default="DZ")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    name_fr = models.CharField(max_length=120)
    name_ar = models.CharField(max_length=120, blank=True)
    population = models.PositiveIntegerField(null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    outline = models.JSONField(null=True, blank=True, help_text="simplified GeoJSON geometry, WGS 84")
    valid_from = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("code",)
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
        ]

    def __str__(self) -> str:
        return self.name_fr


class Establishment(models.Model):
    """A place that cares, or helps care: hospital, polyclinic, pharmacy, civil protection unit, partner elsewhere."""

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=20, choices=EstablishmentKind)
    name_fr = models.CharField(max_length=200)
    name_ar = models.CharField(max_length=200, blank=True)
    short_fr = models.CharField(max_length=60, blank=True)
    short_ar = models.CharField(max_length=60, blank=True)
    wilaya = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="establishments")
    commune = models.ForeignKey(Division, models.PROTECT, null=True, blank=True, related_name="+")
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="managed")

    class Meta:
        ordering = ("name_fr",)

    def __str__(self) -> str:
        return self.short_fr or self.name_fr


class Service(models.Model):
    """A hospital service (مصلحة): the unit that is responsible for a patient."""

    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="services")
    code = models.CharField(max_length=40)
    name_fr = models.CharField(max_length=120)
    name_ar = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("name_fr",)
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "code"],
                name="service_code_once",
                violation_error_message=_("This establishment already has this service code."),
            ),
        ]

    def __str__(self) -> str:
        return self.name_fr
