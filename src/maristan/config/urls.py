"""Every address of Maristan. An area's addresses live in its own `urls.py`."""

from django.urls import include, path

from maristan.config.api import closed_patterns
from maristan.config.health import health

handler403 = "maristan.records.access.views.refusals.refused"  # a closed record, or the plain page
handler404 = "maristan.core.ui.views.not_found"
handler429 = "maristan.core.accounts.views.entrance.too_many_attempts"  # asked for by allauth
handler500 = "maristan.core.ui.views.failed"
urlpatterns = [
    path("health/", health, name="health"),
    path("api/", (closed_patterns(), "api", "api")),
    path("", include("maristan.core.ui.urls")),
    path("", include("maristan.core.accounts.urls")),
    path("audit/", include("maristan.core.audit.urls")),
    path("messaging/", include("maristan.core.messaging.urls")),
    path("territory/", include("maristan.core.territory.urls")),
    path("patients/", include("maristan.records.patients.urls")),
    path("access/", include("maristan.records.access.urls")),
    path("record/", include("maristan.records.fhir.urls")),
]
