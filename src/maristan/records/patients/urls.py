from django.urls import path

from maristan.records.patients import views

app_name = "patients"
urlpatterns = [
    path("", views.people, name="people"),
    path("register/", views.register, name="register"),
    path("register/unknown/", views.register_unknown, name="register_unknown"),
    path("<uuid:person_id>/", views.identity, name="identity"),
    path("<uuid:person_id>/correct/", views.correct, name="correct"),
    path("<uuid:mother_id>/newborn/", views.register_newborn, name="register_newborn"),
    path("<uuid:person_id>/numbers/", views.add_identifier, name="add_identifier"),
    path("<uuid:person_id>/numbers/<int:identifier_id>/end/", views.end_identifier, name="end_identifier"),
    path("<uuid:person_id>/telephones/", views.add_telephone, name="add_telephone"),
    path("<uuid:person_id>/telephones/<int:telephone_id>/end/", views.end_telephone, name="end_telephone"),
    path("<uuid:person_id>/deceased/", views.declare_death, name="declare_death"),
]
