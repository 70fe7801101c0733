"""Loading from a screen: a file is checked, kept, shown, then confirmed by the same person."""

import datetime
import hashlib
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils import timezone

from maristan.core.territory.models import Loading
from maristan.core.territory.services.loading import load_files
from maristan.core.territory.services.planning import Plan

KEPT = datetime.timedelta(days=1)


def keep_upload(name: str, content: bytes, plan: Plan, *, by: Any) -> Loading:
    """Keep a file whose check found no problem until `by` confirms it, or a day has passed."""
    forget_uploads()
    return Loading.objects.create(
        by_id=by.pk,
        by_name=str(by),
        file_name=name[-160:],
        digest=hashlib.sha256(content).hexdigest(),
        content=content,
        report={"counts": plan.counts()},
    )


def confirm_upload(loading: Loading, *, by: Any, allowed: Callable[[Any], bool]) -> Plan:
    """Load the kept file and let go of its content. Raises LoadRefused when the territory changed meanwhile."""
    with transaction.atomic():
        loading = Loading.objects.select_for_update().get(pk=loading.pk, confirmed_at=None)
        plan = load_files([(loading.file_name, bytes(loading.content))], by=by, allowed=allowed)
        loading.content, loading.confirmed_at = b"", timezone.now()
        loading.report = {"counts": plan.counts()}
        loading.save()
    return plan


def forget_uploads() -> None:
    """Let go of files that nobody confirmed within a day."""
    Loading.objects.filter(confirmed_at=None, at__lt=timezone.now() - KEPT).delete()
