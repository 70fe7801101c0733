from django.urls import path

from maristan.records.fhir import views

app_name = "fhir"
urlpatterns = [
    path("", views.ward, name="ward"),
    path("<uuid:person_id>/", views.record, name="record"),
    path("<uuid:person_id>/timeline/", views.timeline, name="timeline"),
    path("<uuid:person_id>/treatments/", views.treatments, name="treatments"),
    path("<uuid:person_id>/vitals/", views.vitals, name="vitals"),
    path("<uuid:person_id>/results/", views.results, name="results"),
    path("<uuid:person_id>/documents/", views.documents, name="documents"),
    path("<uuid:person_id>/encounters/", views.stays, name="encounters"),
    path("<uuid:person_id>/search/", views.search, name="search"),
    path("<uuid:person_id>/print/", views.print_summary, name="print"),
]
