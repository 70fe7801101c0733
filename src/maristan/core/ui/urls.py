from django.urls import path

from maristan.core.ui import views

app_name = "ui"
urlpatterns = [path("", views.home, name="home")]
