from django.urls import path

from maristan.core.audit import views

app_name = "audit"
urlpatterns = [
    path("", views.journal, name="journal"),
    path("<uuid:line_id>/", views.line, name="line"),
    path("export/<slug:form>/", views.export, name="export"),
]
