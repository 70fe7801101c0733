from django.urls import path

from maristan.core.territory import views

app_name = "territory"
urlpatterns = [
    path("", views.establishments, name="establishments"),
    path("establishment/<int:pk>/", views.establishment, name="establishment"),
    path("service/<int:pk>/", views.service, name="service"),
    path("division/<int:pk>/", views.division, name="division"),
]
