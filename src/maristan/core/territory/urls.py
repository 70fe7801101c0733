from django.urls import path

from maristan.core.territory.views import editing, loading, places

app_name = "territory"
urlpatterns = [
    path("", places.establishments, name="establishments"),
    path("map.json", places.map_data, name="map"),
    path("establishment/new/", editing.new_establishment, name="new_establishment"),
    path("establishment/<int:pk>/", places.establishment, name="establishment"),
    path("establishment/<int:pk>/edit/", editing.edit_establishment, name="edit_establishment"),
    path("establishment/<int:pk>/site/", editing.add_site, name="add_site"),
    path("establishment/<int:pk>/service/", editing.add_service, name="add_service"),
    path("site/<int:pk>/edit/", editing.edit_site, name="edit_site"),
    path("service/<int:pk>/", places.service, name="service"),
    path("service/<int:pk>/edit/", editing.edit_service, name="edit_service"),
    path("service/<int:pk>/unit/", editing.add_unit, name="add_unit"),
    path("service/<int:pk>/room/", editing.add_room, name="add_room"),
    path("unit/<int:pk>/edit/", editing.edit_unit, name="edit_unit"),
    path("room/<int:pk>/edit/", editing.edit_room, name="edit_room"),
    path("divisions/", places.divisions, name="divisions"),
    path("division/<int:pk>/", places.division, name="division"),
    path("load/", loading.load, name="load"),
    path("load/<uuid:pk>/", loading.confirm, name="confirm_load"),
]
