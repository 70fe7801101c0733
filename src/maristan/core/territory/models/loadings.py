"""What was loaded from files: kept so that one knows who brought which facts, and so that a report can be confirmed."""

import uuid

from django.db import models
from django.utils import timezone


class Loading(models.Model):
    """A file that somebody checked, and perhaps confirmed. The file itself is kept only until then."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(default=timezone.now)
    by_id = models.UUIDField()
    by_name = models.CharField(max_length=160)
    file_name = models.CharField(max_length=160)
    digest = models.CharField(max_length=64)
    content = models.BinaryField(default=b"")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    report = models.JSONField(default=dict)

    class Meta:
        ordering = ("-at",)

    def __str__(self) -> str:
        return self.file_name
