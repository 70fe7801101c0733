import datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from maristan.core.accounts.models import Post, Role
from maristan.core.accounts.services import change_role, create_account, end_post, give_new_password, give_post
from maristan.core.audit.models import AuditLine
from tests.core.accounts.factories import PostFactory, UserFactory
from tests.core.territory.factories import CommuneFactory, EstablishmentFactory, ServiceFactory, WilayaFactory

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def house():
    return EstablishmentFactory()


@pytest.fixture
def hr(house):
    return PostFactory(role="hr", establishment=house).user


@pytest.fixture
def admin(house):
    return PostFactory(role="admin", division=house.wilaya).user


def role(code: str) -> Role:
    return Role.objects.get(code=code)


class TestWhatAPostCovers:
    def test_a_wilaya_covers_what_lies_in_it(self, house):
        post = PostFactory(role="admin", division=house.wilaya)
        commune = CommuneFactory(wilaya=house.wilaya)
        assert post.covers(house)
        assert post.covers(ServiceFactory(establishment=house))
        assert post.covers(commune)
        assert not post.covers(EstablishmentFactory())
        assert not post.covers(WilayaFactory())

    def test_an_establishment_covers_its_services_and_those_it_manages(self, house):
        post = PostFactory(role="hr", establishment=house)
        managed = EstablishmentFactory(parent=house, wilaya=house.wilaya)
        assert post.covers(house)
        assert post.covers(ServiceFactory(establishment=house))
        assert post.covers(ServiceFactory(establishment=managed))
        assert not post.covers(ServiceFactory())
        assert not post.covers(house.wilaya)

    def test_a_service_covers_itself_only(self):
        post = PostFactory()
        assert post.covers(post.service)
        assert not post.covers(ServiceFactory(establishment=post.service.establishment))
        assert not post.covers(post.service.establishment)

    def test_a_right_is_asked_with_its_place(self, hr, house):
        assert hr.may("accounts.manage")
        assert hr.may("accounts.manage", house)
        assert not hr.may("accounts.manage", EstablishmentFactory())
        assert not hr.may("accounts.roles")


class TestWhatTheDatabaseRefuses:
    def refused(self, name: str, **facts):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            PostFactory(**facts)

    def test_two_places(self, house):
        self.refused("post_has_one_scope", establishment=house, service=ServiceFactory())

    def test_an_end_before_the_start(self):
        self.refused("post_ends_after_it_begins", ends_at=timezone.now() - HOUR)

    def test_no_reason(self):
        self.refused("post_has_a_reason", reason="")

    def test_the_same_post_twice_at_a_time(self):
        first = PostFactory(ends_at=timezone.now() + HOUR)
        same = {"user": first.user, "service": first.service}
        self.refused("post_held_once_at_a_time", **same)
        PostFactory(starts_at=first.ends_at, **same)
        PostFactory(role="midwife", **same)
        assert first.user.posts.count() == 3


class TestGiving:
    def test_who_gave_it_and_why_stays_readable(self, hr, house):
        nurse = UserFactory()
        post = give_post(nurse, by=hr, role=role("nurse"), place=house, reason="Mutation du 1er novembre")
        assert (post.given_by, post.reason, post.is_running) == (hr, "Mutation du 1er novembre", True)
        line = AuditLine.objects.get(action="accounts.give_post")
        assert (line.actor_id, line.entity_id, line.role) == (hr.pk, str(post.pk), "hr")
        assert line.detail["before"] is None
        assert line.detail["after"]["role"] == "nurse"

    def test_not_in_another_establishment(self, hr):
        with pytest.raises(PermissionDenied):
            give_post(UserFactory(), by=hr, role=role("nurse"), place=EstablishmentFactory(), reason="x")
        assert Post.objects.count() == 1

    def test_not_in_the_wilaya_by_an_establishment(self, hr, house):
        with pytest.raises(PermissionDenied):
            give_post(UserFactory(), by=hr, role=role("nurse"), place=house.wilaya, reason="x")

    @pytest.mark.parametrize("code", ["admin", "director", "hr", "dpo"])
    def test_an_establishment_never_raises_anyone_above_itself(self, hr, house, code):
        with pytest.raises(PermissionDenied):
            give_post(UserFactory(), by=hr, role=role(code), place=house, reason="x")

    def test_nobody_gives_themselves_a_post(self, admin, house):
        with pytest.raises(PermissionDenied):
            give_post(admin, by=admin, role=role("physician"), place=house, reason="x")

    def test_a_nurse_gives_nothing(self, house):
        nurse = PostFactory(service=ServiceFactory(establishment=house)).user
        with pytest.raises(PermissionDenied):
            give_post(UserFactory(), by=nurse, role=role("nurse"), place=nurse.post.service, reason="x")

    def test_held_already_is_said_in_words(self, hr, house):
        nurse = UserFactory()
        give_post(nurse, by=hr, role=role("nurse"), place=house, reason="x")
        with translation.override("en"), pytest.raises(ValidationError, match="already holds this role"):
            give_post(nurse, by=hr, role=role("nurse"), place=house, reason="y")


class TestEnding:
    def test_it_stops_now_and_says_who_and_why(self, hr, house):
        post = PostFactory(establishment=house, starts_at=timezone.now() - HOUR)
        end_post(post, by=hr, reason="Départ")
        post.refresh_from_db()
        assert (post.is_running, post.ended_by, post.end_reason) == (False, hr, "Départ")
        line = AuditLine.objects.get(action="accounts.end_post")
        assert line.detail["before"]["ends_at"] is None
        assert line.detail["after"]["ends_at"] is not None

    def test_the_rights_of_an_open_session_stop_with_it(self, hr, house, as_user):
        post = PostFactory(role="director", establishment=house, starts_at=timezone.now() - HOUR)
        client = as_user(post.user)
        assert client.get("/accounts/people/").status_code == 200
        Post.objects.filter(pk=post.pk).update(ends_at=timezone.now())
        assert client.get("/accounts/people/").status_code == 403

    def test_not_by_another_establishment(self, hr):
        with pytest.raises(PermissionDenied):
            end_post(PostFactory(), by=hr, reason="x")

    def test_not_twice(self, hr, house):
        post = PostFactory(establishment=house, starts_at=timezone.now() - HOUR)
        end_post(post, by=hr, reason="x", at=timezone.now() - HOUR / 2)
        with pytest.raises(ValidationError):
            end_post(post, by=hr, reason="x")


class TestAccounts:
    facts = {"username": "Karim.Z", "last_name": "Zerdazi", "first_name": "Karim"}

    def test_an_account_is_opened_with_a_post_and_a_password_to_change(self, hr, house):
        user, password = create_account(by=hr, role=role("reception"), place=house, reason="Recrutement", **self.facts)
        assert (user.username, user.password_is_temporary, user.created_by) == ("karim.z", True, hr)
        assert user.check_password(password)
        assert [str(post.place) for post in user.posts.all()] == [str(house)]
        actions = AuditLine.objects.order_by("position").values_list("action", flat=True)
        assert list(actions) == ["accounts.create", "accounts.give_post"]

    def test_not_for_another_establishment(self, hr):
        with pytest.raises(PermissionDenied):
            create_account(by=hr, role=role("nurse"), place=EstablishmentFactory(), reason="x", **self.facts)

    def test_a_password_is_given_anew_to_ones_own_people(self, hr, house):
        nurse = PostFactory(establishment=house).user
        password = give_new_password(nurse, by=hr)
        nurse.refresh_from_db()
        assert (nurse.check_password(password), nurse.password_is_temporary) == (True, True)

    def test_a_small_place_never_opens_the_account_of_a_greater_one(self, hr, house):
        nurse = PostFactory(establishment=house).user
        PostFactory(user=nurse, role="admin", division=house.wilaya)
        with pytest.raises(PermissionDenied):
            give_new_password(nurse, by=hr)


class TestRoles:
    def test_a_change_counts_at_once_and_is_audited_with_before_and_after(self, admin, house):
        nurse = PostFactory(establishment=house).user
        before = list(role("nurse").permissions)
        change_role(role("nurse"), by=admin, permissions=["record.read"])
        assert role("nurse").permissions == ["record.read"]
        assert not Post.objects.get(user=nurse).allows("patients.search")
        line = AuditLine.objects.get(action="accounts.change_role")
        assert (line.detail["before"]["permissions"], line.detail["after"]["permissions"]) == (before, ["record.read"])

    def test_somebody_must_still_compose_roles(self, admin):
        with pytest.raises(ValidationError):
            change_role(role("admin"), by=admin, permissions=["accounts.manage"])
        assert "accounts.roles" in role("admin").permissions
