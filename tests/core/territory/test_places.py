"""Changing places by hand: scope, rules, history."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from maristan.core.audit.models import AuditLine
from maristan.core.territory import queries
from maristan.core.territory.models import Establishment, OpeningHours, Room, Service
from maristan.core.territory.services import save_establishment, save_part
from tests.core.territory.factories import (
    EstablishmentFactory,
    OpeningHoursFactory,
    ServiceFactory,
    SiteFactory,
    UnitFactory,
    WilayaFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def directorate(person_of, wilaya):
    return person_of("directorate", wilaya)


@pytest.fixture
def place(wilaya):
    return EstablishmentFactory(name_fr="Avant", wilaya=wilaya)


class TestEstablishment:
    def test_a_change_is_in_the_history_with_before_and_after(self, place, directorate):
        place.name_fr = "Après"
        save_establishment(place, by=directorate, contacts={"telephone": ("031886600",)})
        (edit,) = queries.history_of(place)
        assert (edit.who, [change[1:] for change in edit.changes]) == (
            "Leïla Merabet",
            [("Avant", "Après"), ("", "031886600")],
        )

    def test_nothing_changed_writes_nothing(self, place, directorate):
        assert save_establishment(place, by=directorate, hours=()) == {}
        assert not AuditLine.objects.filter(action="territory.edit").exists()

    def test_another_wilayas_place_is_not_changed(self, directorate):
        far = EstablishmentFactory(name_fr="Loin", wilaya=WilayaFactory(code="19"))
        far.name_fr = "Pris"
        with pytest.raises(PermissionDenied):
            save_establishment(far, by=directorate)
        assert Establishment.objects.get(pk=far.pk).name_fr == "Loin"

    def test_a_place_is_neither_given_away_nor_taken(self, place, directorate):
        elsewhere = WilayaFactory(code="19")
        place.wilaya = elsewhere
        with pytest.raises(PermissionDenied):
            save_establishment(place, by=directorate)
        taken = EstablishmentFactory(wilaya=elsewhere)
        taken.wilaya = directorate.post.division
        with pytest.raises(PermissionDenied):
            save_establishment(taken, by=directorate)

    def test_a_nurse_changes_no_place(self, place, person_of, wilaya):
        place.name_fr = "Après"
        with pytest.raises(PermissionDenied):
            save_establishment(place, by=person_of("nurse", wilaya))

    def test_a_circle_is_refused_in_words(self, place, directorate, wilaya):
        low = EstablishmentFactory(wilaya=wilaya, parent=place)
        place.parent = low
        with pytest.raises(ValidationError) as refusal:
            save_establishment(place, by=directorate)
        assert list(refusal.value.error_dict) == ["parent"]

    def test_hours_are_replaced_whole_and_those_of_services_stay(self, place, directorate):
        service = ServiceFactory(establishment=place)
        OpeningHoursFactory(establishment=place, service=service)
        OpeningHoursFactory(establishment=place)
        save_establishment(place, by=directorate, hours=((6, 0, 1440),))
        assert list(OpeningHours.objects.values_list("service", "weekday").order_by("weekday")) == [
            (service.pk, 0),
            (None, 6),
        ]


class TestParts:
    def test_a_service_on_anothers_site_is_refused_in_words(self, place, directorate):
        service = Service(establishment=place, code="a", name_fr="A", site=SiteFactory())
        with pytest.raises(ValidationError) as refusal:
            save_part(service, by=directorate)
        assert list(refusal.value.error_dict) == ["site"]

    def test_a_room_in_anothers_unit_is_refused_in_words(self, place, directorate):
        service = ServiceFactory(establishment=place)
        with pytest.raises(ValidationError):
            save_part(Room(service=service, code="1", unit=UnitFactory()), by=directorate)

    def test_a_service_does_not_move_to_another_establishment(self, place, directorate, wilaya):
        service = ServiceFactory(establishment=place)
        service.establishment = EstablishmentFactory(wilaya=wilaya)
        with pytest.raises(ValidationError):
            save_part(service, by=directorate)

    def test_a_part_is_in_the_history_of_its_establishment(self, place, directorate):
        save_part(Service(establishment=place, code="urg", name_fr="Urgences"), by=directorate)
        assert queries.history_of(place)[0].part == "service urg"

    def test_a_room_elsewhere_is_not_changed(self, directorate):
        service = ServiceFactory(establishment=EstablishmentFactory(wilaya=WilayaFactory(code="19")))
        with pytest.raises(PermissionDenied):
            save_part(Room(service=service, code="1"), by=directorate)
        assert not Room.objects.exists()
