"""What a person arranged for themself (order of the home tiles, filters of lists), and the events of live screens.

Owners are account ids without a foreign key: accounts stand above this area.
"""

import uuid

from django.db import models
from django.db.models.expressions import RawSQL
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class HomeLayout(models.Model):
    """The order in which a person wants the tiles of their home page."""

    owner = models.UUIDField(primary_key=True)
    tiles = models.JSONField(default=list, help_text="codes of tiles, first to last")

    def __str__(self) -> str:
        return f"{self.owner}: {', '.join(self.tiles)}"


class SavedFilter(models.Model):
    """A filter of a list page that a person uses again and again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.UUIDField()
    page = models.CharField(max_length=200, help_text="path of the list page")
    name = models.CharField(_("name of the filter"), max_length=60)
    query = models.CharField(max_length=1000, help_text="query string, without the page number")

    class Meta:
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "page", "name"],
                name="filter_name_once",
                violation_error_message=_("You already have a filter of this name on this page."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        return f"{self.page}?{self.query}"


class LiveEvent(models.Model):
    """Something open screens show at once: a rendered fragment, and who may see it. Old ones are swept away.

    `xid` is the transaction that wrote it: events are served in the order (xid, id), and never above the oldest
    transaction still open, so a reader that has seen one position can miss nothing below it.
    """

    xid = models.BigIntegerField(db_default=RawSQL("(pg_current_xact_id()::text)::bigint", ()), editable=False)
    topic = models.CharField(max_length=60, help_text="what the fragment belongs to: the name a page listens to")
    fragment = models.TextField(help_text="HTML, rendered once by who publishes; it holds no clinical fact")
    right = models.CharField(max_length=60, blank=True, help_text="the right a viewer needs, over the place if given")
    viewer = models.UUIDField(null=True, blank=True, help_text="the only account that may see it, if given")
    place_kind = models.CharField(max_length=20, blank=True)
    place_id = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("xid", "id")
        indexes = [models.Index(fields=["xid", "id"], name="live_event_order")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(right="") | models.Q(viewer__isnull=False),
                name="live_event_has_an_audience",
                violation_error_message=_("An event needs a right or a viewer."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.cursor} {self.topic}"

    @property
    def cursor(self) -> str:
        return f"{self.xid}-{self.id}"
