"""Only the pages we keep of allauth, under its names, and our own; nobody opens an account by themselves."""

from django.urls import include, path

from maristan.core.accounts import views

own = ([], "accounts")
of_allauth = [
    path("login/", views.sign_in, name="account_login"),
    path("logout/", views.sign_out, name="account_logout"),
    path("inactive/", views.inactive, name="account_inactive"),
]
urlpatterns = [path("accounts/", include(own)), path("accounts/", include(of_allauth))]
