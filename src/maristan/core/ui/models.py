"""What a person arranged for themself: the order of the home tiles, the filters of lists.

Owners are account ids without a foreign key: accounts stand above this area.
"""

import uuid

from django.db import models
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
