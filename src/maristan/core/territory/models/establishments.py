"""Places that care, or help care, and the groups that one direction leads."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maristan.core.territory.enums import EstablishmentKind, EstablishmentState, Precision
from maristan.core.territory.models.divisions import Division
from maristan.core.territory.models.names import Doubtful, Named, fold, is_arabic


class Group(Named):
    """Establishments under one direction; they may stand in two territories."""

    code = models.CharField(_("code"), max_length=40, unique=True)

    class Meta:
        ordering = ("name_fr",)


class Establishment(Named, Doubtful):
    """A place that cares, or helps care: hospital, polyclinic, pharmacy, civil protection unit, partner elsewhere.

    `parent` is the establishment that manages it (an EPSP manages its polyclinics and care rooms). `to_confirm` says
    what nobody official has confirmed yet; screens show it.
    """

    code = models.CharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=EstablishmentKind)
    short_fr = models.CharField(_("short name in French"), max_length=60, blank=True)
    short_ar = models.CharField(_("short name in Arabic"), max_length=60, blank=True)
    country = models.CharField(_("country"), max_length=2, default="DZ")
    wilaya = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="establishments", verbose_name=_("wilaya")
    )
    commune = models.ForeignKey(
        Division, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("commune")
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="managed", verbose_name=_("managed by")
    )
    group = models.ForeignKey(
        Group, models.PROTECT, null=True, blank=True, related_name="establishments", verbose_name=_("group")
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    precision = models.CharField(_("position"), max_length=12, choices=Precision, default=Precision.NONE)
    state = models.CharField(_("state"), max_length=10, choices=EstablishmentState, default=EstablishmentState.OPEN)
    valid_from = models.DateField(_("open since"), null=True, blank=True)
    valid_until = models.DateField(_("closed on"), null=True, blank=True)
    search = models.TextField(editable=False, default="")

    class Meta:
        verbose_name = _("establishment")
        ordering = ("name_fr", "pk")
        indexes = [
            models.Index(fields=["wilaya", "kind"], name="establishment_wilaya_kind"),
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="establishment_search"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(precision="none", latitude__isnull=True, longitude__isnull=True)
                | (~Q(precision="none") & Q(latitude__isnull=False, longitude__isnull=False)),
                name="establishment_position_whole",
                violation_error_message=_("A position has a latitude, a longitude and a precision, or none of them."),
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True) | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="establishment_position_on_earth",
                violation_error_message=_("Latitude runs from -90 to 90, longitude from -180 to 180."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_from__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="establishment_closes_after_it_opens",
                violation_error_message=_("An establishment closes after it opens."),
            ),
            models.CheckConstraint(
                condition=Q(wilaya__isnull=False) | Q(kind="partner"),
                name="establishment_in_a_wilaya",
                violation_error_message=_("Only a partner elsewhere has no wilaya."),
            ),
        ]

    def __str__(self) -> str:
        return self.short

    def save(self, *args: object, **kwargs: object) -> None:
        self.search = self.search_text()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("territory:establishment", args=[self.pk])

    def search_text(self) -> str:
        """What a search compares: names in both scripts, short names, code."""
        return fold(f"{self.name_fr} {self.short_fr} {self.name_ar} {self.short_ar} {self.code}")

    @property
    def short(self) -> str:
        """The name for narrow places, in the language of the page."""
        return (self.short_ar if is_arabic() and self.name_ar else self.short_fr) or self.name

    @property
    def within_ids(self) -> tuple[int | None, ...]:
        """Divisions whose scope covers this establishment: its commune and its wilaya."""
        return (self.commune_id, self.wilaya_id)
