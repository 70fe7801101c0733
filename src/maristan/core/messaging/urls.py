from django.urls import path

from maristan.core.messaging import views

app_name = "messaging"
urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("notices/read/", views.read_notices, name="read_notices"),
    path("notices/<uuid:pk>/open/", views.open_notice, name="open_notice"),
    path("", views.journal, name="journal"),
    path("<uuid:pk>/again/", views.send_again, name="send_again"),
    path("kinds/", views.kinds, name="kinds"),
    path("drawer/", views.drawer, name="drawer"),
    path("contacts/<uuid:patient_id>/", views.contacts, name="contacts"),
    path("contacts/end/<int:pk>/", views.allow, name="allow"),
    path("inbound/", views.inbound, name="inbound"),
]
