"""What the database itself refuses."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from maristan.core.territory.models import Establishment
from maristan.core.territory.models.names import fold
from tests.core.territory.factories import (
    CommuneFactory,
    EstablishmentFactory,
    OpeningHoursFactory,
    RoomFactory,
    ServiceFactory,
    SiteFactory,
    UnitFactory,
    WilayaFactory,
)

pytestmark = pytest.mark.django_db


def refuses(constraint):
    return pytest.raises(IntegrityError, match=constraint)


class TestDivisions:
    def test_a_code_is_valid_once_on_any_day(self):
        reform = datetime.date(2026, 4, 4)
        WilayaFactory(code="25", valid_until=reform)
        WilayaFactory(code="25", valid_from=reform)
        with refuses("division_one_at_a_time"), transaction.atomic():
            WilayaFactory(code="25", valid_from=datetime.date(2030, 1, 1))

    def test_the_same_code_in_another_country_is_another_division(self):
        WilayaFactory(code="05")
        assert WilayaFactory(code="05", country="MA").pk

    def test_a_commune_lies_in_a_wilaya(self):
        with refuses("division_inside_a_wilaya"):
            CommuneFactory(wilaya=None, parent=None)

    def test_validity_is_read_day_by_day(self):
        commune = CommuneFactory.build(
            wilaya=None, valid_from=datetime.date(2019, 12, 11), valid_until=datetime.date(2026, 4, 4)
        )
        days = [
            datetime.date(2019, 12, 10),
            datetime.date(2019, 12, 11),
            datetime.date(2026, 4, 3),
            datetime.date(2026, 4, 4),
        ]
        assert [commune.is_valid(day) for day in days] == [False, True, True, False]


class TestWhoManages:
    def test_nobody_manages_himself(self):
        place = EstablishmentFactory()
        with refuses("managed by one that it manages"):
            Establishment.objects.filter(pk=place.pk).update(parent=place)

    def test_nobody_is_managed_by_one_that_he_manages(self):
        top = EstablishmentFactory()
        middle = EstablishmentFactory(parent=top)
        low = EstablishmentFactory(parent=middle)
        with refuses("managed by one that it manages"):
            Establishment.objects.filter(pk=top.pk).update(parent=low)

    def test_a_long_chain_is_allowed(self):
        place = EstablishmentFactory()
        for _step in range(5):
            place = EstablishmentFactory(parent=place)
        assert place.parent.parent.parent.parent.parent.parent is None


class TestWholeAndPart:
    def test_a_service_stands_on_a_site_of_its_own_establishment(self):
        elsewhere = SiteFactory()
        with refuses("service_on_a_site_of_its_establishment"):
            ServiceFactory(site=elsewhere)

    def test_a_room_is_in_a_unit_of_its_own_service(self):
        elsewhere = UnitFactory()
        with refuses("room_in_a_unit_of_its_service"):
            RoomFactory(unit=elsewhere)

    def test_hours_are_of_a_service_of_the_establishment(self):
        with refuses("hours_of_a_service_of_the_establishment"):
            OpeningHoursFactory(service=ServiceFactory())


class TestHours:
    def test_two_stretches_of_a_day_do_not_overlap(self):
        morning = OpeningHoursFactory(opens=480, closes=720)
        OpeningHoursFactory(establishment=morning.establishment, opens=720, closes=960)
        with refuses("hours_do_not_overlap"):
            OpeningHoursFactory(establishment=morning.establishment, opens=700, closes=710)

    def test_a_service_has_its_own_hours(self):
        service = ServiceFactory()
        OpeningHoursFactory(establishment=service.establishment)
        assert OpeningHoursFactory(establishment=service.establishment, service=service).pk

    @pytest.mark.parametrize(("opens", "closes"), [(600, 600), (700, 600), (0, 1441)])
    def test_hours_close_after_they_open(self, opens, closes):
        with refuses("hours_close_after_they_open|range lower bound"):
            OpeningHoursFactory(opens=opens, closes=closes)


class TestPositions:
    def test_a_position_is_whole(self):
        with refuses("establishment_position_whole"):
            EstablishmentFactory(latitude=36.3)

    def test_a_position_is_on_earth(self):
        with refuses("establishment_position_on_earth"):
            EstablishmentFactory(latitude=636.3, longitude=6.6, precision="exact")

    def test_only_a_partner_has_no_wilaya(self):
        assert EstablishmentFactory(kind="partner", wilaya=None, country="FR").pk
        with refuses("establishment_in_a_wilaya"):
            EstablishmentFactory(wilaya=None)


class TestNames:
    def test_a_name_is_read_in_the_language_of_the_page(self):
        place = EstablishmentFactory(name_fr="Hôpital", name_ar="مستشفى", short_fr="H", short_ar="م")
        with translation.override("fr"):
            assert (place.name, place.other_name, str(place)) == ("Hôpital", "مستشفى", "H")
        with translation.override("ar-dz"):
            assert (place.name, place.other_name, str(place)) == ("مستشفى", "Hôpital", "م")

    def test_letters_that_vary_are_compared_as_one(self):
        assert fold("Aïn Abid — ÉTÉ") == "ain abid ete"
        assert fold("أَمْراض الأطفالِ") == fold("امراض الاطفال")
        assert fold("قاعة") == fold("قاعه")
        assert fold("مستشفى") == fold("مستشفي")
