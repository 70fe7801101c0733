"""Lists stay within the place of their reader, at the same cost with one line as with three."""

import datetime

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone

from maristan.core.accounts.models import Post, Role, User
from maristan.core.audit.models import AuditLine
from tests.core.accounts.factories import PostFactory, UserFactory
from tests.core.territory.factories import EstablishmentFactory, ServiceFactory

pytestmark = pytest.mark.django_db
PEOPLE = reverse("accounts:people")


@pytest.fixture
def house():
    return EstablishmentFactory()


@pytest.fixture
def hr(house, as_user):
    client = as_user(PostFactory(role="hr", establishment=house, user__last_name="Ferhati").user)
    client.get(PEOPLE)  # the first request stamps the session
    return client


@pytest.fixture
def admin(house, as_user):
    client = as_user(PostFactory(role="admin", division=house.wilaya).user)
    client.get(PEOPLE)
    return client


def names(page) -> set[str]:
    return {person.last_name for person, _posts in page.context["lines"]}


def test_people_are_those_of_ones_own_place(hr, house):
    PostFactory(service=ServiceFactory(establishment=house), user__last_name="Ici")
    PostFactory(user__last_name="Ailleurs")
    assert names(hr.get(PEOPLE)) == {"Ferhati", "Ici"}


def test_one_person_or_three_cost_the_same(hr, house, django_assert_num_queries):
    service = ServiceFactory(establishment=house)
    PostFactory(service=service)
    with django_assert_num_queries(7):
        hr.get(PEOPLE)
    PostFactory(service=service)
    PostFactory(service=service)
    with django_assert_num_queries(7):
        hr.get(PEOPLE)


def test_who_left_is_asked_apart(hr, house):
    long_ago = timezone.now() - datetime.timedelta(days=30)
    PostFactory(establishment=house, starts_at=long_ago, ends_at=timezone.now(), user__last_name="Parti")
    assert names(hr.get(PEOPLE)) == {"Ferhati"}
    assert names(hr.get(PEOPLE, {"former": "on"})) == {"Parti"}


@pytest.mark.parametrize("text", ["Bouras", "بوراس", "ines", "ines bouras", "ines@chu.dz"])
def test_people_are_found_in_either_script(hr, house, text):
    facts = {"first_name": "Ines", "last_name": "Bouras", "first_name_ar": "إيناس", "last_name_ar": "بوراس"}
    PostFactory(establishment=house, user=UserFactory(username="ines", email="ines@chu.dz", **facts))
    assert names(hr.get(PEOPLE, {"q": text})) == {"Bouras"}


def test_a_person_of_another_establishment_does_not_exist(hr):
    stranger = PostFactory()
    assert hr.get(reverse("accounts:person", args=[stranger.user.pk])).status_code == 404
    assert hr.get(reverse("accounts:end_post", args=[stranger.pk])).status_code == 404
    assert hr.post(reverse("accounts:new_password", args=[stranger.user.pk])).status_code == 404


def test_posts_held_elsewhere_are_not_shown(hr, house):
    nurse = PostFactory(establishment=house).user
    elsewhere = PostFactory(user=nurse)
    page = hr.get(reverse("accounts:person", args=[nurse.pk])).content.decode()
    assert elsewhere.service.name_fr not in page


def test_a_post_is_given_from_the_page(hr, house):
    nurse = PostFactory(establishment=house).user
    service = ServiceFactory(establishment=house)
    facts = {"role": Role.objects.get(code="midwife").pk, "place": f"s{service.pk}", "reason": "Renfort"}
    facts |= {"starts_on": timezone.localdate().strftime("%d/%m/%Y")}
    answer = hr.post(reverse("accounts:person", args=[nurse.pk]), facts)
    assert answer.status_code == 302
    post = Post.objects.get(user=nurse, role__code="midwife")
    assert (post.place, post.reason, post.is_running) == (service, "Renfort", True)


def test_an_invented_place_or_a_reserved_role_is_refused(hr, house):
    nurse = PostFactory(establishment=house).user
    far = ServiceFactory()
    facts = {"role": Role.objects.get(code="admin").pk, "place": f"s{far.pk}", "reason": "x"}
    answer = hr.post(reverse("accounts:person", args=[nurse.pk]), facts)
    assert answer.status_code == 422
    assert {"role", "place"} <= set(answer.context["form"].errors)
    assert Post.objects.filter(user=nurse).count() == 1


def test_a_post_is_ended_from_the_page(hr, house):
    post = PostFactory(establishment=house, starts_at=timezone.now() - datetime.timedelta(days=1))
    hr.post(reverse("accounts:end_post", args=[post.pk]), {"reason": "Départ"})
    post.refresh_from_db()
    assert (post.is_running, post.end_reason) == (False, "Départ")


def test_an_account_is_opened_and_its_first_password_shown_once(hr, house):
    facts = {"username": "karim", "last_name": "Zerdazi", "first_name": "Karim", "last_name_ar": "زردازي"}
    facts |= {"first_name_ar": "كريم", "role": Role.objects.get(code="reception").pk}
    facts |= {"place": f"e{house.pk}", "reason": "Recrutement"}
    answer = hr.post(reverse("accounts:new_person"), facts)
    karim = User.objects.get(username="karim")
    assert karim.check_password(answer.context["password"])
    assert answer.context["password"] in answer.content.decode()
    assert answer.context["password"] not in str(list(AuditLine.objects.values()))


def test_a_taken_user_name_is_said_beside_the_field(hr):
    UserFactory(username="karim")
    answer = hr.post(reverse("accounts:new_person"), {"username": "karim"})
    assert answer.status_code == 422
    assert "username" in answer.context["form"].errors


def test_the_administrator_changes_a_role(admin):
    facts = {"name_fr": "Infirmier", "name_ar": "ممرض", "name_en": "Nurse", "permissions": ["record.read"]}
    assert admin.post(reverse("accounts:role", args=["nurse"]), facts).status_code == 302
    assert Role.objects.get(code="nurse").permissions == ["record.read"]


def test_the_administrator_makes_a_role(admin):
    facts = {"code": "porter", "name_fr": "Brancardier", "name_ar": "ناقل المرضى", "name_en": "Porter"}
    admin.post(reverse("accounts:new_role"), facts | {"permissions": ["patients.search"]})
    assert Role.objects.get(code="porter").permissions == ["patients.search"]


def test_my_rights_say_who_gave_them_and_why(as_user, house):
    giver = UserFactory(first_name="Samia", last_name="Ferhati")
    post = PostFactory(establishment=house, given_by=giver, reason="Mutation de novembre")
    page = as_user(post.user).get(reverse("accounts:rights")).content.decode()
    assert "Samia Ferhati" in page
    assert "Mutation de novembre" in page


def test_a_person_works_in_the_post_they_chose(as_user, house):
    first = PostFactory(role="nurse", establishment=house)
    second = PostFactory(user=first.user, role="hr", establishment=house)
    client = as_user(first.user)
    assert client.get(PEOPLE).status_code == 403
    client.post(reverse("accounts:choose_post"), {"post": second.pk})
    assert client.get(PEOPLE).status_code == 200
    assert AuditLine.objects.filter(action="accounts.choose_post", role="hr").count() == 1


def test_nobody_chooses_the_post_of_another(as_user, house):
    mine, theirs = PostFactory(establishment=house), PostFactory(role="hr", establishment=house)
    client = as_user(mine.user)
    client.post(reverse("accounts:choose_post"), {"post": theirs.pk})
    assert client.get(PEOPLE).status_code == 403


def test_reading_a_page_twice_writes_nothing_more(hr):
    before = (Session.objects.get().session_data, list(AuditLine.objects.values_list("pk", flat=True)))
    hr.get(PEOPLE)
    assert before == (Session.objects.get().session_data, list(AuditLine.objects.values_list("pk", flat=True)))
