"""Loading files: all rows or none, twice the same as once, and problems that say where and what to do."""

import datetime
import io
import json
import zipfile

import openpyxl
import pytest
from django.db import IntegrityError
from django.utils import translation

from maristan.core.audit.models import AuditLine
from maristan.core.territory.models import Contact, Division, Establishment, OpeningHours, Outline, Service
from maristan.core.territory.services import LoadRefused, check_files, load_divisions, load_files, load_wilaya
from tests.core.territory.factories import CommuneFactory, EstablishmentFactory, GroupFactory, WilayaFactory

pytestmark = pytest.mark.django_db
HEAD = "code,kind,name_fr,wilaya"
ROW = "x-1,eph,Hôpital du Nord,25"


@pytest.fixture(autouse=True)
def constantine():
    wilaya = WilayaFactory(code="25", name_fr="Constantine", name_ar="قسنطينة")
    Outline.objects.create(
        division=wilaya,
        geometry={"type": "MultiPolygon", "coordinates": [[[[6.3, 36.1], [7.1, 36.1], [7.1, 36.6], [6.3, 36.1]]]]},
    )
    CommuneFactory(code="2506", name_fr="El Khroub", name_ar="الخروب", wilaya=wilaya)
    return wilaya


def csv(*rows):
    return ("places.csv", "\n".join(rows).encode())


def excel(*rows, name="places.xlsx"):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return (name, out.getvalue())


def problems(*files):
    """What is said about files that are refused; nothing of them may be in the database afterwards."""
    before = list(Establishment.objects.values_list("pk", "name_fr", "parent"))
    with translation.override("en"), pytest.raises(LoadRefused) as refusal:
        load_files(files, by=None)
    assert list(Establishment.objects.values_list("pk", "name_fr", "parent")) == before
    with translation.override("en"):
        return [str(problem) for problem in refusal.value.problems]


def loaded(*files):
    with translation.override("en"):
        return load_files(files, by=None).counts()


class TestWhatIsLoaded:
    def test_a_row_becomes_an_establishment_with_its_contacts_and_hours(self):
        head = "code;kind;name_fr;name_ar;commune;latitude;longitude;telephone;email;hours"
        row = "x-1;eph;Hôpital;مستشفى;El Khroub;36,26;6,69;031 88 66 00;a@b.dz;Su-Th 08:00-16:30; Sa 08:00-12:00"
        row = row.replace("Su-Th 08:00-16:30; Sa 08:00-12:00", '"Su-Th 08:00-16:30; Sa 08:00-12:00"')
        assert loaded(csv(head, row)) == {"establishments": {"new": 1, "changed": 0, "same": 0}}
        place = Establishment.objects.get(code="x-1")
        assert (place.wilaya.code, place.commune.code) == ("25", "2506")
        assert (place.latitude, place.longitude, place.precision) == (36.26, 6.69, "exact")
        assert {(contact.kind, contact.value) for contact in place.contacts.all()} == {
            ("telephone", "031886600"),
            ("email", "a@b.dz"),
        }
        hours = [(each.weekday, each.opens, each.closes) for each in place.hours.all()]
        assert hours == [(day, 480, 990) for day in (0, 1, 2, 3)] + [(5, 480, 720), (6, 480, 990)]

    def test_the_same_file_again_changes_nothing(self):
        file = csv(HEAD + ",telephone,hours", ROW + ",031886600,24/7")
        loaded(file)
        assert loaded(file) == {"establishments": {"new": 0, "changed": 0, "same": 1}}
        assert (Contact.objects.count(), OpeningHours.objects.count()) == (1, 7)

    def test_a_column_that_is_absent_leaves_what_is_known(self):
        EstablishmentFactory(code="x-1", name_ar="مستشفى", wilaya=Division.objects.get(code="25"))
        loaded(csv(HEAD, ROW))
        place = Establishment.objects.get(code="x-1")
        assert (place.name_fr, place.name_ar) == ("Hôpital du Nord", "مستشفى")

    def test_an_empty_cell_empties(self):
        EstablishmentFactory(code="x-1", name_ar="مستشفى", wilaya=Division.objects.get(code="25"))
        loaded(csv(HEAD + ",name_ar", ROW + ","))
        assert Establishment.objects.get(code="x-1").name_ar == ""

    def test_a_change_leaves_before_and_after_in_the_register(self):
        place = EstablishmentFactory(code="x-1", name_fr="Avant", wilaya=Division.objects.get(code="25"))
        loaded(csv(HEAD, ROW))
        line = AuditLine.objects.get(action="territory.edit")
        assert (line.entity, line.entity_id) == ("Establishment", str(place.pk))
        assert line.detail["changes"]["name_fr"] == {"before": "Avant", "after": "Hôpital du Nord"}
        assert AuditLine.objects.get(action="territory.load").detail["files"] == ["places.csv"]

    def test_a_manager_may_stand_further_down_in_the_same_file(self):
        loaded(csv(HEAD + ",managed_by", "low,polyclinic,Bas,25,top", "top,epsp,Haut,25,"))
        assert Establishment.objects.get(code="low").parent.code == "top"

    def test_services_follow_their_establishment_in_one_load(self):
        services = ("services.csv", b"establishment,code,name_fr\nx-1,medint,Interne")
        assert loaded(services, csv(HEAD, ROW))["services"] == {"new": 1, "changed": 0, "same": 0}
        assert Service.objects.get().establishment.code == "x-1"

    def test_a_partner_elsewhere_needs_no_wilaya(self):
        loaded(csv("code,kind,name_fr,country", "fr-1,partner,Centre hospitalier partenaire,FR"))
        assert Establishment.objects.get(code="fr-1").wilaya is None

    def test_a_group_crosses_territories(self):
        GroupFactory(code="est")
        WilayaFactory(code="19")
        loaded(csv(HEAD + ",group", ROW + ",est", "x-2,eph,Sud,19,est"))
        assert {place.wilaya.code for place in Establishment.objects.filter(group__code="est")} == {"25", "19"}

    def test_headings_and_kinds_are_understood_in_french_and_arabic(self):
        loaded(csv("code;type;nom;wilaya", "x-1;pharmacie;Nord;25", "x-2;صيدلية;Sud;قسنطينة"))
        assert set(Establishment.objects.values_list("kind", flat=True)) == {"pharmacy"}

    def test_a_province_of_another_country_is_loaded_by_the_same_command(self):
        divisions = csv(
            "level,code,country,name_fr,name_ar,parent",
            "wilaya,04,MA,Rabat-Salé-Kénitra,الرباط سلا القنيطرة,",
            "daira,04.291,MA,Kénitra,القنيطرة,04",
            "commune,04.291.01,MA,Kénitra,القنيطرة,04.291",
        )
        head = "code,kind,name_fr,country,wilaya,commune"
        places = ("ma.csv", f"{head}\nma-1,hospital,Hôpital El Idrissi,MA,04,04.291.01".encode())
        loaded(divisions, places)
        place = Establishment.objects.get(code="ma-1")
        assert (place.commune.parent.name_fr, place.wilaya.name_fr) == ("Kénitra", "Rabat-Salé-Kénitra")
        assert loaded(divisions, places)["divisions"] == {"new": 0, "changed": 0, "same": 3}

    @pytest.mark.parametrize("file", [
        excel(["code", "kind", "name_fr", "wilaya"], ["x-1", "eph", "Nord", 25]),
        ("p.json", json.dumps([{"code": "x-1", "kind": "eph", "name_fr": "Nord", "wilaya": 25}]).encode()),
        ("p.csv", f"\ufeff{HEAD}\r\nx-1,eph,Nord,25\r\n".encode()),
        ("p.csv", f"{HEAD}\nx-1,eph,Nord,25".encode("utf-16")),
        ("p.csv", f"{HEAD}\nx-1,eph,Nord,25".replace(",", "\t").encode()),
    ], ids=["excel", "json", "utf-8 with mark", "utf-16", "tabs"])  # fmt: skip
    def test_formats(self, file):
        loaded(file)
        assert Establishment.objects.get(code="x-1").wilaya.code == "25"


class TestWhatIsRefused:
    def test_one_bad_row_refuses_the_good_ones(self):
        said = problems(csv(HEAD, ROW, "x-2,eph,,25"))
        assert said == ["places.csv, row 3, column name_fr: This cell is empty. Fill it."]

    def test_one_bad_file_refuses_the_other(self):
        said = problems(csv(HEAD, ROW), ("empty.csv", b""))
        assert said == ["empty.csv: The file is empty. Choose a file with a line of headings and at least one row."]

    @pytest.mark.parametrize(("cells", "column", "words"), [
        ("eph,Nord,99,,,,", "wilaya", "“99” is not known here."),
        ("eph,Nord,25,El Khrub,,,", "commune", "“El Khrub” is not known here. Did you mean “2506 El Khroub”?"),
        ("castle,Nord,25,,,,", "kind", "“castle” is not known here. Write one of: chu, ehs"),
        ("eph,Nord,25,,96.3,6.6,", "latitude", "96.3 degrees are not on Earth."),
        ("eph,Nord,25,,6.6,36.3,", "latitude", "This point is far from the wilaya of Constantine. Are latitude"),
        ("eph,Nord,25,,nan,6.6,", "latitude", "“nan” is not a number."),
        ("eph,Nord,25,,36.3,,", "latitude", "The position is not whole."),
        ("eph,Nord,25,,,,call me", "telephone", "“call me” is not a telephone number."),
        ("eph,=1+1,25,,,,", "name_fr", "This cell holds a formula. Replace the formula with its value."),
        (f"eph,{'x' * 201},25,,,,", "name_fr", "This text has 201 characters. Write at most 200."),
    ])  # fmt: skip
    def test_a_cell_says_what_to_write(self, cells, column, words):
        (said,) = problems(csv("code,kind,name_fr,wilaya,commune,latitude,longitude,telephone", f"x-1,{cells}"))
        assert said.startswith(f"places.csv, row 2, column {column}: {words}")

    @pytest.mark.parametrize("hours", ["always", "Mo 25:00-26:00", "Mo 08:00", "Xx 08:00-12:00", "Mo 08:00-08:00"])
    def test_hours_that_are_not_understood(self, hours):
        (said,) = problems(csv(HEAD + ",hours", f"{ROW},{hours}"))
        assert "column hours" in said and "Write them as: Su-Th 08:00-16:30" in said

    def test_hours_that_overlap(self):
        (said,) = problems(csv(HEAD + ",hours", f'{ROW},"Mo 08:00-12:00,11:00-14:00"'))
        assert "On Mo two opening times overlap at 11:00." in said

    def test_a_code_twice(self):
        assert problems(csv(HEAD, ROW, ROW)) == [
            "places.csv, row 3, column code: “x-1” is already at row 2 of places.csv. Keep one of the two rows."
        ]

    def test_headings_nobody_knows(self):
        (said,) = problems(csv("code,kind,name_fr,wilaia", ROW))
        assert said == "places.csv, row 1, column wilaia: The heading “wilaia” is not known. Did you mean “wilaya”?"

    def test_a_required_column_is_missing(self):
        (said,) = problems(csv("code,kind,wilaya", "x-1,eph,25"))
        assert "The column “name_fr” is missing." in said

    def test_a_table_of_something_else(self):
        (said,) = problems(csv("price,quantity", "1,2"))
        assert "These headings belong to no known table." in said

    def test_who_manages_whom_makes_no_circle(self):
        EstablishmentFactory(code="top", wilaya=Division.objects.get(code="25"))
        said = problems(csv(HEAD + ",managed_by", "low,eph,Bas,25,top", "top,eph,Haut,25,low"))
        assert len(said) == 2 and "top would be managed by one that it manages. Break the circle." in said[1]

    def test_a_manager_nobody_knows(self):
        (said,) = problems(csv(HEAD + ",managed_by", ROW + ",ghost"))
        assert "“ghost” is not known here." in said

    def test_a_commune_of_another_wilaya(self):
        CommuneFactory(code="1901", name_fr="Sétif", wilaya=WilayaFactory(code="19", name_fr="Sétif"))
        (said,) = problems(csv(HEAD + ",commune", ROW + ",1901"))
        assert "The commune Sétif lies in the wilaya of Sétif." in said

    def test_the_words_are_those_of_the_reader(self):
        with translation.override("ar-dz"):
            (problem,) = check_files([csv(HEAD, "x-1,eph,,25")]).problems
        assert any("\u0621" <= letter <= "\u064a" for letter in problem.what + problem.remedy)


class TestFilesThatAreNot:
    @pytest.mark.parametrize(("data", "words"), [
        (b"", "The file is empty."),
        (b" \n\n ", "The file is empty."),
        (f"{HEAD}\nx-1,eph,H\u00f4pital,25".encode("cp1252"), "row 2: The letters of this file cannot be read. Save"),
        (f"{HEAD}\nx-1,eph,N\x00rd,25".encode(), "row 2: This is not a file of text."),
        (b"PK\x03\x04 not a workbook", "This is not an Excel file that can be read."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "This is an old or protected Excel file."),
        (f'{HEAD}\nx-1,eph,"Nord,25'.encode(), "The quotation marks of this row do not match."),
        (b'[{"code": "x"', "This JSON cannot be read."),
        (b'[{"code": NaN}]', "This JSON cannot be read."),
        (b"[" * 100_000, "This JSON cannot be read."),
        (b"[1]", "row 1: Item 1 is not an object."),
        (HEAD.encode(), "There is no row under the headings."),
    ])  # fmt: skip
    def test_it_says_what_it_is(self, data, words):
        assert words in problems(("file", data))[0]

    def test_a_zip_that_is_not_excel(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("readme.txt", "hello")
        assert "This is not an Excel file that can be read." in problems(("a.xlsx", out.getvalue()))[0]

    def test_a_bomb_is_not_unpacked(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in range(5):
                archive.writestr(f"xl/worksheets/sheet{part}.xml", b"0" * 70_000_000)
        assert "too large once unpacked" in problems(("bomb.xlsx", out.getvalue()))[0]

    def test_a_formula_of_excel(self):
        (said,) = problems(excel(["code", "kind", "name_fr", "wilaya"], ["x-1", "eph", '=HYPERLINK("http://x")', "25"]))
        assert said == (
            "places.xlsx, row 2, column name_fr: This cell holds a formula. Replace the formula with its value."
        )

    def test_many_problems_are_counted_and_not_all_kept(self):
        with pytest.raises(LoadRefused) as refusal:
            load_files([csv(HEAD, *(f"x-{row},eph,,25" for row in range(1500)))], by=None)
        assert (len(refusal.value.problems), refusal.value.count) == (1000, 1500)


class TestScope:
    def test_rows_outside_ones_territory_are_refused(self):
        WilayaFactory(code="19")
        with translation.override("en"), pytest.raises(LoadRefused) as refusal:
            load_files([csv(HEAD, ROW, "x-2,eph,Sud,19")], by=None, allowed=lambda place: place.wilaya.code == "25")
        assert "This place lies outside your territory." in str(refusal.value.problems[0])
        assert not Establishment.objects.exists()

    def test_a_place_is_not_moved_out_of_anothers_territory(self):
        EstablishmentFactory(code="x-1", wilaya=WilayaFactory(code="19"))
        with pytest.raises(LoadRefused):
            load_files([csv(HEAD, ROW)], by=None, allowed=lambda place: place.wilaya.code == "25")
        assert Establishment.objects.get(code="x-1").wilaya.code == "19"


class TestHeldToTheEnd:
    def test_what_the_database_refuses_undoes_the_whole_load(self, monkeypatch):
        from maristan.core.territory.services import loading

        def fail(*_args):
            raise IntegrityError("late")

        monkeypatch.setattr(loading, "_save_parts", fail)
        with pytest.raises(LoadRefused):
            load_files([csv(HEAD, ROW)], by=None)
        assert not Establishment.objects.exists()


class TestShippedFacts:
    @pytest.fixture
    def algeria(self, constantine):
        Outline.objects.all().delete()
        Division.objects.filter(level="commune").delete()
        Division.objects.all().delete()
        load_divisions()

    def test_the_69_wilayas_and_the_communes_that_the_reform_moved(self, algeria):
        assert Division.objects.filter(level="wilaya").count() == 69
        moved = Division.objects.filter(level="commune", valid_from=datetime.date(2026, 4, 4)).count()
        assert moved == 108
        versions = Division.objects.filter(level="commune", code="2807").order_by("valid_from")
        assert {division.wilaya.name_fr for division in versions} == {"M'Sila", "Bou Saâda"}
        assert Division.objects.filter(level="commune", valid_until=None).count() == 1541

    def test_loading_them_again_changes_nothing(self, algeria):
        assert load_divisions() == 0

    def test_constantine_has_its_16_public_establishments(self, algeria):
        load_wilaya("25", by=None)
        public = Establishment.objects.filter(kind__in=("chu", "ehs", "hospital", "eph", "epsp"))
        assert public.count() == 16
        assert Establishment.objects.filter(kind="civil_protection").count() == 15
        assert Establishment.objects.filter(kind="pharmacy").count() == 58
        assert str(Establishment.objects.get(code="25-chu-01")) == "CHU Dr Benbadis"

    def test_what_people_corrected_stays(self, algeria):
        load_wilaya("25", by=None)
        Establishment.objects.filter(code="25-chu-01").update(name_fr="CHU corrigé")
        load_wilaya("25", by=None)
        assert Establishment.objects.get(code="25-chu-01").name_fr == "CHU corrigé"

    @pytest.mark.parametrize("code", ["19", "31", "55", "68"])
    def test_any_wilaya_loads(self, algeria, code):
        assert load_wilaya(code, by=None).counts()["establishments"]["new"] > 20
