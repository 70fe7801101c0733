"""Inside an establishment: its sites, its services, their units and rooms.

That a service stands on a site of its own establishment, and a room in a unit of its own service, is held by the
database (composite foreign keys, migration 0002).
"""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from maristan.core.territory.models.establishments import Establishment
from maristan.core.territory.models.names import Named, fold


class Site(Named):
    """One of several places where an establishment stands."""

    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="sites")
    code = models.CharField(_("code"), max_length=40)
    address = models.CharField(_("address"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("site")
        ordering = ("name_fr", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "code"],
                name="site_code_once",
                violation_error_message=_("This establishment already has this site code."),
            ),
        ]


class Service(Named):
    """A hospital service (مصلحة): the unit that is responsible for a patient."""

    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="services")
    site = models.ForeignKey(
        Site, models.PROTECT, null=True, blank=True, related_name="services", verbose_name=_("site")
    )
    code = models.CharField(_("code"), max_length=40)
    floor = models.CharField(_("floor"), max_length=40, blank=True)
    telephone = models.CharField(_("telephone"), max_length=30, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    search = models.TextField(editable=False, default="")

    class Meta:
        verbose_name = _("service")
        ordering = ("name_fr", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["establishment", "code"],
                name="service_code_once",
                violation_error_message=_("This establishment already has this service code."),
            ),
        ]

    def save(self, *args: object, **kwargs: object) -> None:
        self.search = self.search_text()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("territory:service", args=[self.pk])

    def search_text(self) -> str:
        """What a search compares: both names."""
        return fold(f"{self.name_fr} {self.name_ar}")


class Unit(Named):
    """A part of a service with its own team or purpose: men's unit, day hospital."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="units")
    code = models.CharField(_("code"), max_length=40)

    class Meta:
        verbose_name = _("unit")
        ordering = ("code", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["service", "code"],
                name="unit_code_once",
                violation_error_message=_("This service already has this unit code."),
            ),
        ]


class Room(models.Model):
    """A room of a service, in one of its units or in none. Beds belong to the stays."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="rooms")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="rooms", verbose_name=_("unit"))
    code = models.CharField(_("number"), max_length=40)
    note = models.CharField(_("note"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("room")
        ordering = ("code", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["service", "code"],
                name="room_code_once",
                violation_error_message=_("This service already has this room number."),
            ),
        ]

    def __str__(self) -> str:
        return self.code
