from django.urls import path

from maristan.core.ui import views

app_name = "ui"
urlpatterns = [
    path("", views.home, name="home"),
    path("tiles/", views.arrange_tiles, name="arrange_tiles"),
    path("search/", views.search, name="search"),
    path("language/", views.choose_language, name="choose_language"),
    path("preference/", views.choose_preference, name="choose_preference"),
    path("filters/", views.save_filter, name="save_filter"),
    path("filters/<uuid:kept>/remove/", views.remove_filter, name="remove_filter"),
    path("gallery/", views.gallery, name="gallery"),
]
