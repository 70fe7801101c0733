"""The pages of the territory: what they show, in how many questions to the database, and what they refuse."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from maristan.core.territory.models import Contact, Establishment, Loading, OpeningHours, Outline, Service
from tests.core.territory.factories import (
    CommuneFactory,
    ContactFactory,
    EstablishmentFactory,
    GroupFactory,
    OpeningHoursFactory,
    RoomFactory,
    ServiceFactory,
    UnitFactory,
    WilayaFactory,
)

pytestmark = pytest.mark.django_db
LIST = "/territory/"
HEAD = "code,kind,name_fr,wilaya\n"


def names(response):
    return [place.name_fr for place in response.context["page"]]


def a_full_place(wilaya):
    """An establishment with something in every part of its page."""
    manager = EstablishmentFactory(kind="epsp", wilaya=wilaya)
    place = EstablishmentFactory(wilaya=wilaya, parent=manager, commune=CommuneFactory(wilaya=wilaya))
    ContactFactory(establishment=place)
    OpeningHoursFactory(establishment=place)
    return place


def shape_of(wilaya):
    square = {"type": "MultiPolygon", "coordinates": [[[[6, 36], [7, 36], [7, 37], [6, 36]]]]}
    return Outline.objects.create(division=CommuneFactory(wilaya=wilaya), geometry=square)


class TestList:
    @pytest.mark.parametrize("count", [1, 3])
    def test_its_questions_do_not_grow(self, as_nurse, wilaya, count, asks_the_territory):
        for _number in range(count):
            a_full_place(wilaya)
        as_nurse.get(LIST)
        with asks_the_territory(9):
            assert as_nurse.get(LIST).status_code == 200

    def test_it_opens_on_my_wilaya(self, as_nurse, wilaya):
        EstablishmentFactory(name_fr="Ici", wilaya=wilaya)
        EstablishmentFactory(name_fr="Ailleurs")
        assert names(as_nurse.get(LIST)) == ["Ici"]
        assert set(names(as_nurse.get(LIST, {"wilaya": ""}))) == {"Ici", "Ailleurs"}

    @pytest.mark.parametrize(("text", "found"), [
        ("hopital mere", ["Hôpital Mère-Enfant"]),
        ("الام والطفل", ["Hôpital Mère-Enfant"]),
        ("x-77", ["Autre"]),
        ("%", ["Autre", "Hôpital Mère-Enfant"]),
        ("introuvable", []),
    ])  # fmt: skip
    def test_text_in_either_script_or_code(self, as_nurse, wilaya, text, found):
        EstablishmentFactory(name_fr="Hôpital Mère-Enfant", name_ar="مستشفى الأم والطفل", wilaya=wilaya)
        EstablishmentFactory(name_fr="Autre", name_ar="آخر", code="x-77", wilaya=wilaya)
        assert names(as_nurse.get(LIST, {"text": text})) == found

    def test_filters_add_up(self, as_nurse, wilaya):
        commune = CommuneFactory(wilaya=wilaya)
        manager = EstablishmentFactory(name_fr="EPSP", kind="epsp", wilaya=wilaya)
        EstablishmentFactory(
            name_fr="Poly", kind="polyclinic", wilaya=wilaya, commune=commune, parent=manager, to_confirm="?"
        )
        EstablishmentFactory(name_fr="Clos", kind="polyclinic", wilaya=wilaya, state="closed")
        for query in ({"commune": commune.pk}, {"manager": manager.pk}, {"state": "confirm"}):
            assert names(as_nurse.get(LIST, query)) == ["Poly"]
        assert names(as_nurse.get(LIST, {"kind": "polyclinic", "state": "closed"})) == ["Clos"]

    def test_filters_nobody_offers_change_nothing(self, as_nurse, wilaya):
        EstablishmentFactory(name_fr="Ici", wilaya=wilaya)
        query = {"kind": "castle", "commune": "x' OR 1=1", "manager": "-1", "state": "\x00", "page": "zzz"}
        assert names(as_nurse.get(LIST, query)) == ["Ici"]

    def test_hospitals_come_first(self, as_nurse, wilaya):
        for kind in ("pharmacy", "chu", "eph"):
            EstablishmentFactory(name_fr=kind, kind=kind, wilaya=wilaya)
        assert names(as_nurse.get(LIST)) == ["chu", "eph", "pharmacy"]


class TestMap:
    @pytest.mark.parametrize("count", [1, 3])
    def test_it_shows_the_list_and_its_questions_do_not_grow(self, as_nurse, wilaya, count, asks_the_territory):
        for number in range(count):
            EstablishmentFactory(wilaya=wilaya, latitude=36.3, longitude=6 + number, precision="approximate")
            shape_of(wilaya)
        as_nurse.get(reverse("territory:map"))
        with asks_the_territory(4):
            answer = as_nurse.get(reverse("territory:map"))
        data = json.loads(answer.content)
        assert (len(data["points"]), len(data["outlines"])) == (count, count)
        assert data["points"][0]["exact"] is False

    def test_a_place_without_position_is_in_the_list_only(self, as_nurse, wilaya):
        EstablishmentFactory(wilaya=wilaya)
        assert json.loads(as_nurse.get(reverse("territory:map")).content)["points"] == []


class TestPages:
    @pytest.mark.parametrize("count", [1, 3])
    def test_an_establishment(self, as_nurse, wilaya, count, asks_the_territory):
        place = a_full_place(wilaya)
        place.group = GroupFactory()
        place.save()
        for _number in range(count):
            service = ServiceFactory(establishment=place)
            RoomFactory(service=service, unit=UnitFactory(service=service))
            EstablishmentFactory(wilaya=wilaya, parent=place)
            EstablishmentFactory(group=place.group)
        as_nurse.get(place.get_absolute_url())
        with asks_the_territory(8):
            page = as_nurse.get(place.get_absolute_url()).content.decode()
        assert "08:00–16:00" in page

    @pytest.mark.parametrize("count", [1, 3])
    def test_a_service(self, as_nurse, wilaya, count, asks_the_territory):
        service = ServiceFactory(establishment__wilaya=wilaya)
        for _number in range(count):
            RoomFactory(service=service, unit=UnitFactory(service=service))
        as_nurse.get(service.get_absolute_url())
        with asks_the_territory(4):
            as_nurse.get(service.get_absolute_url())

    def test_what_is_to_be_confirmed_is_said(self, as_nurse, wilaya):
        place = EstablishmentFactory(wilaya=wilaya, to_confirm="commune_unknown")
        assert "le registre ne dit pas dans quelle commune" in as_nurse.get(place.get_absolute_url()).content.decode()

    def test_a_name_is_never_markup(self, as_nurse, wilaya):
        place = EstablishmentFactory(wilaya=wilaya, name_fr="<script>alert(1)</script>")
        for path in (LIST, place.get_absolute_url()):
            assert "<script>alert" not in as_nurse.get(path).content.decode()

    def test_a_commune_says_what_it_was_before_the_reform(self, as_nurse):
        before, after = WilayaFactory(name_fr="M'Sila"), WilayaFactory(name_fr="Bou Saâda")
        CommuneFactory(code="2807", wilaya=before, valid_until="2026-04-04")
        commune = CommuneFactory(code="2807", wilaya=after, valid_from="2026-04-04")
        page = as_nurse.get(commune.get_absolute_url()).content.decode()
        assert "Bou Saâda" in page and "M&#x27;Sila" in page

    def test_the_wilayas(self, as_nurse, wilaya):
        EstablishmentFactory(wilaya=wilaya, kind="chu")
        assert "Constantine" in as_nurse.get(reverse("territory:divisions")).content.decode()


class TestEditing:
    FACTS = {"kind": "eph", "name_fr": "Nouveau", "state": "open", "precision": "none"}

    def test_an_establishment_with_contacts_and_hours(self, as_directorate, wilaya):
        place = EstablishmentFactory(wilaya=wilaya)
        url = reverse("territory:edit_establishment", args=[place.pk])
        answer = as_directorate.post(url, self.FACTS | {"telephone": "031 88 66 00; 115", "hours": "Su-Th 08:00-16:00"})
        assert answer.status_code == 302
        assert Establishment.objects.get(pk=place.pk).name_fr == "Nouveau"
        assert list(Contact.objects.values_list("value", flat=True)) == ["031886600", "115"]
        assert OpeningHours.objects.count() == 5

    def test_what_is_typed_wrong_stays_and_says_why(self, as_directorate, wilaya):
        place = EstablishmentFactory(wilaya=wilaya)
        url = reverse("territory:edit_establishment", args=[place.pk])
        answer = as_directorate.post(url, self.FACTS | {"hours": "toujours", "latitude": "96", "longitude": "6"})
        page = answer.content.decode()
        assert answer.status_code == 400
        assert 'value="toujours"' in page and "ne se comprend pas comme des horaires" in page
        assert Establishment.objects.get(pk=place.pk).name_fr != "Nouveau"

    def test_a_new_one_belongs_to_my_wilaya(self, as_directorate, wilaya):
        as_directorate.post(reverse("territory:new_establishment"), self.FACTS | {"code": "x-1"})
        assert Establishment.objects.get(code="x-1").wilaya == wilaya

    def test_a_wilaya_that_is_posted_is_not_listened_to(self, as_directorate, wilaya):
        elsewhere = WilayaFactory(code="19")
        as_directorate.post(
            reverse("territory:new_establishment"), self.FACTS | {"code": "x-1", "wilaya": elsewhere.pk}
        )
        assert Establishment.objects.get(code="x-1").wilaya == wilaya

    def test_a_service_is_added_then_closed(self, as_directorate, wilaya):
        place = EstablishmentFactory(wilaya=wilaya)
        add = reverse("territory:add_service", args=[place.pk])
        facts = {"code": "urg", "name_fr": "Urgences", "hours": "24/7"}
        assert as_directorate.post(add, facts).status_code == 302
        service = Service.objects.get()
        assert service.hours.count() == 7
        edit = reverse("territory:edit_service", args=[service.pk])
        as_directorate.post(edit, facts | {"closed_on": "2026-11-22"})
        assert Service.objects.get().closed_on is not None

    def test_the_same_code_twice_is_said_above(self, as_directorate, wilaya):
        place = ServiceFactory(code="urg", establishment__wilaya=wilaya).establishment
        answer = as_directorate.post(reverse("territory:add_service", args=[place.pk]), {"code": "urg", "name_fr": "U"})
        assert answer.status_code == 400
        assert Service.objects.count() == 1

    def test_units_and_rooms(self, as_directorate, wilaya):
        service = ServiceFactory(establishment__wilaya=wilaya)
        as_directorate.post(reverse("territory:add_unit", args=[service.pk]), {"code": "h", "name_fr": "Hommes"})
        unit = service.units.get()
        as_directorate.post(reverse("territory:add_room", args=[service.pk]), {"code": "201", "unit": unit.pk})
        assert service.rooms.get().unit == unit


class TestLoading:
    def send(self, client, content, name="places.csv"):
        return client.post(reverse("territory:load"), {"file": SimpleUploadedFile(name, content.encode())})

    def test_a_file_with_errors_changes_nothing_and_says_where(self, as_directorate):
        answer = self.send(as_directorate, HEAD + "x-1,eph,Bon,25\nx-2,eph,,25\nx-3,eph,Loin,99\n")
        page = answer.content.decode()
        assert answer.status_code == 400
        assert "Cette case est vide." in page and "Écrire son code officiel" in page
        assert not Establishment.objects.exists() and not Loading.objects.exists()

    def test_a_good_file_waits_for_confirmation(self, as_directorate):
        answer = self.send(as_directorate, HEAD + "x-1,eph,Bon,25\n")
        assert not Establishment.objects.exists()
        kept = Loading.objects.get()
        assert answer["Location"] == reverse("territory:confirm_load", args=[kept.pk])
        assert "Bon" in as_directorate.get(answer["Location"]).content.decode()
        as_directorate.post(answer["Location"])
        assert Establishment.objects.get().code == "x-1"
        kept.refresh_from_db()
        assert (bytes(kept.content), kept.confirmed_at is not None) == (b"", True)

    def test_it_is_confirmed_once(self, as_directorate):
        path = self.send(as_directorate, HEAD + "x-1,eph,Bon,25\n")["Location"]
        as_directorate.post(path)
        assert as_directorate.post(path).status_code == 404

    def test_another_persons_file_does_not_exist(self, as_directorate, person_of, wilaya):
        path = self.send(as_directorate, HEAD + "x-1,eph,Bon,25\n")["Location"]
        as_directorate.force_login(person_of("admin", wilaya))
        assert (as_directorate.get(path).status_code, as_directorate.post(path).status_code) == (404, 404)

    def test_what_changed_meanwhile_is_checked_again(self, as_directorate, wilaya):
        path = self.send(as_directorate, HEAD + "x-1,eph,Bon,25\n")["Location"]
        EstablishmentFactory(code="x-1", wilaya=WilayaFactory(code="19"), name_fr="Ailleurs")
        assert as_directorate.post(path).status_code == 400
        assert Establishment.objects.get().name_fr == "Ailleurs"

    def test_rows_of_another_wilaya_are_refused(self, as_directorate):
        WilayaFactory(code="19")
        answer = self.send(as_directorate, HEAD + "x-1,eph,Sud,19\n")
        assert "Ce lieu est hors de votre territoire." in answer.content.decode()

    @pytest.mark.parametrize("content", ["", "\x00", "PK\x03\x04", "{", '"', "code\n" * 3])
    def test_nonsense_is_answered_in_words(self, as_directorate, content):
        assert self.send(as_directorate, content).status_code == 400
