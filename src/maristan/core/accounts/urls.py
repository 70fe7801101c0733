"""Only the pages we keep of allauth, under its names, and our own; nobody opens an account by themselves."""

from django.urls import include, path

from maristan.core.accounts.views import entrance, own, people, roles

pages = [
    path("lock/", entrance.lock, name="lock"),
    path("lock/now/", entrance.lock_now, name="lock_now"),
    path("stay/", entrance.stay, name="stay"),
    path("rights/", own.rights, name="rights"),
    path("posts/", own.posts, name="posts"),
    path("posts/choose/", own.choose_post, name="choose_post"),
    path("posts/<int:pk>/end/", people.end_post, name="end_post"),
    path("people/", people.people, name="people"),
    path("people/new/", people.new_person, name="new_person"),
    path("people/<uuid:pk>/", people.person, name="person"),
    path("people/<uuid:pk>/password/", people.new_password, name="new_password"),
    path("roles/", roles.roles, name="roles"),
    path("roles/new/", roles.new_role, name="new_role"),
    path("roles/<slug:code>/", roles.role, name="role"),
]
of_allauth = [
    path("login/", entrance.sign_in, name="account_login"),
    path("logout/", entrance.sign_out, name="account_logout"),
    path("inactive/", entrance.inactive, name="account_inactive"),
    path("reauthenticate/", entrance.confirm_password, name="account_reauthenticate"),
    path("password/", own.change_password, name="account_change_password"),
    path("code/", entrance.enter_code, name="mfa_authenticate"),
    path("security/", own.security, name="mfa_index"),
    path("security/confirm/", entrance.confirm_code, name="mfa_reauthenticate"),
    path("security/factor/", own.add_factor, name="mfa_activate_totp"),
    path("security/factor/remove/", own.remove_factor, name="mfa_deactivate_totp"),
    path("security/codes/", own.recovery_codes, name="mfa_view_recovery_codes"),
    path("security/codes/new/", own.make_codes, name="mfa_generate_recovery_codes"),
]
urlpatterns = [path("accounts/", include((pages, "accounts"))), path("accounts/", include(of_allauth))]
