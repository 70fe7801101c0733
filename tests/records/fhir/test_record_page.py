"""The record page: what a physician reads, in how many queries, and what nobody else ever sees."""

import datetime
import json
import re

import pytest
from django.urls import reverse
from django.utils import timezone

from maristan.config import runtime
from maristan.core.audit.models import AuditLine
from maristan.records.access.services import open_relation
from tests.records.fhir.bodies import encounter, restricted
from tests.records.fhir.factories import store_patient_of
from tests.records.fhir.test_facts import observation
from tests.records.patients.factories import PersonFactory

pytestmark = pytest.mark.django_db
PAGES = ["record", "timeline", "treatments", "vitals", "results", "documents", "encounters", "search", "print"]
SNOMED, LOINC = "http://snomed.info/sct", "http://loinc.org"
SAMPLES = runtime.ROOT / "tests" / "data" / "synthea"


@pytest.fixture
def read(client, physician, person):
    """read("results", kind="…") -> text of one page of the record."""
    client.force_login(physician)

    def get(name="record", who=person, **query):
        response = client.get(reverse(f"fhir:{name}", args=[who.pk]), query)
        assert response.status_code == 200
        return response.content.decode()

    return get


@pytest.fixture
def write(shell, person):
    """Store bodies of `person`, as a colleague would have."""

    def store(*bodies):
        for body in bodies:
            body.pop("id", None)
            body.setdefault(
                "patient" if body["resourceType"] in OWNERS else "subject", {"reference": f"Patient/{person.pk}"}
            )
            shell.create(body)

    return store


OWNERS = ("AllergyIntolerance", "Immunization")


def hours_ago(hours):
    return (timezone.now() - datetime.timedelta(hours=hours)).isoformat(timespec="seconds")


def coded(code, system=SNOMED, **more):
    return {"coding": [{"system": system, "code": code}]} | more


def lab(code, value, unit, hours, **more):
    category = [{"coding": [{"code": "laboratory"}]}]
    return observation(code, value, unit, hours_ago(hours), category=category, **more)


def vital(code, value, unit, hours):
    return observation(code, value, unit, hours_ago(hours), category=[{"coding": [{"code": "vital-signs"}]}])


HL7 = "http://terminology.hl7.org/CodeSystem"


def condition(snomed, **more):
    active = coded("active", f"{HL7}/condition-clinical")
    return {"resourceType": "Condition", "clinicalStatus": active, "code": coded(snomed), **more}


def allergy(snomed, certainty="confirmed", **more):
    body = {"resourceType": "AllergyIntolerance", "code": coded(snomed), **more}
    body["clinicalStatus"] = coded("active", f"{HL7}/allergyintolerance-clinical")
    return body | {"verificationStatus": coded(certainty, f"{HL7}/allergyintolerance-verification")}


def medication(words, status="active", **more):
    body = {"resourceType": "MedicationRequest", "status": status, "intent": "order"}
    return body | {"medicationCodeableConcept": {"text": words}, "authoredOn": hours_ago(30)} | more


def note(text, **more):
    section = [
        {
            "title": "Examen",
            "text": {"status": "generated", "div": f"<div xmlns='http://www.w3.org/1999/xhtml'>{text}</div>"},
        }
    ]
    body = {
        "resourceType": "Composition",
        "status": "final",
        "type": coded("11506-3", LOINC),
        "title": "Note",
        "section": section,
    }
    return body | {"date": hours_ago(5), "author": [{"display": "Dr Benali"}]} | more


def words(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.split("<main")[1]))


def banner(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", re.search(r'<section class="m-id.*?</section>', html, re.S)[0]))


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_record_opens_on_every_page(page, read):
    assert "BOUDJEMAA Hayet" in read(page)


def test_not_asked_none_known_and_an_allergy_never_look_alike(read, write):
    assert "Allergies : non demandées" in banner(read())
    write(allergy("716186003", recordedDate="2026-01-05", recorder={"display": "Dr Haddad"}))
    assert "Aucune allergie connue Dr Haddad , 05/01/2026" in banner(read())
    reaction = [{"manifestation": [coded("39579001")], "severity": "severe"}]
    write(allergy("764146007", reaction=reaction, onsetDateTime="2019"))
    shown = banner(read())
    assert "ALLERGIE : Pénicilline Anaphylaxie, 2019 · confirmée" in shown
    assert "Aucune allergie connue" not in shown


def test_a_refuted_allergy_is_no_allergy(read, write):
    write(allergy("764146007", certainty="refuted"))
    assert "Allergies : non demandées" in banner(read())


def test_the_weight_carries_its_age(read, write):
    assert "poids non mesuré" in banner(read())
    write(vital("29463-7", 71, "kg", 0.2))
    assert "71,0 kg" in banner(read())


def test_at_most_three_alerts_each_with_its_reason(read, write):
    write(
        medication("Acénocoumarol", status="on-hold"),
        lab("34714-6", 4.6, "{INR}", 4),
        lab("2823-3", 6.6, "mmol/L", 4),
        lab("98979-8", 40, "mL/min/{1.73_m2}", 4),
        condition("77386006", onsetDateTime=hours_ago(24 * 30)),
    )
    shown = banner(read())
    assert "INR 4,6 Acénocoumarol, suspendu" in shown
    assert "Potassium 6,6 mmol/L critique, haut" in shown
    assert "Grossesse" in shown
    assert "DFG" not in shown  # the fourth


def test_an_acknowledged_critical_result_says_so(read, write, shell, person):
    stored = shell.create(lab("2823-3", 6.6, "mmol/L", 4) | {"subject": {"reference": f"Patient/{person.pk}"}})
    assert "non accusé" in banner(read())
    about = [{"reference": f"Observation/{stored['id']}"}]
    write({"resourceType": "Communication", "status": "completed", "about": about, "sent": hours_ago(1)})
    assert "non accusé" not in banner(read())


def test_no_alert_is_made_of_old_facts(read, write):
    write(
        lab("2823-3", 6.6, "mmol/L", 24 * 5),
        lab("98979-8", 40, "mL/min", 24 * 500),
        condition("77386006", onsetDateTime="2019"),
    )
    assert "m-al warn" not in read().replace('m-al warn"><strong>Allergies', "")


def test_suspended_drugs_stay_visible_struck_and_stopped_ones_leave_the_summary(read, write):
    write(
        medication("Bisoprolol"),
        medication("Acénocoumarol", status="on-hold"),
        medication("Ibuprofène", status="stopped"),
    )
    html = read()
    assert re.search(r'<s class="m-nm">.*?Acénocoumarol', html)
    assert "Ibuprofène" not in re.search(r'id="h-medications".*?</section>', html, re.S)[0]
    assert "Ibuprofène" in read("treatments")


def test_a_flag_is_a_sign_a_weight_and_words(read, write):
    write(lab("2823-3", 6.6, "mmol/L", 4), lab("2951-2", 131, "mmol/L", 4))
    html = read("results")
    sign = '<span aria-hidden="true">▲▲</span><span class="m-vh">, critique, haut</span>'
    assert f'<bdi dir="ltr" class="m-num">6,6</bdi> {sign}' in html
    assert '131</bdi> <span aria-hidden="true">▼</span><span class="m-vh">, bas</span>' in html


def test_words_of_the_resource_are_marked_with_their_language(read, write):
    write(condition("x", code={"coding": [{"system": SNOMED, "code": "1", "display": "Rare thing"}]}))
    assert '<bdi lang="en">Rare thing</bdi>' in read()


def test_text_of_a_document_is_read_and_can_do_nothing(read, write):
    write(note("Apyrexie &lt;b&gt;"), note("<p>Sevrée</p><p>INR demain</p>"))
    html = read("documents")
    assert "Sevrée" in html and "INR demain" in html
    assert "&lt;b&gt;" in html and "<b>Apyrexie" not in html


def test_another_person_of_the_same_name_is_never_mixed_in(read, shell, write, physician, ward, nurse):
    other = PersonFactory()
    store_patient_of(other)
    open_relation(other, by=nurse, service=ward, reason="Hospitalisé ce matin")
    shell.create(condition("44054006") | {"subject": {"reference": f"Patient/{other.pk}"}})
    write(condition("38341003"))
    assert "Diabète" not in words(read())
    assert "Hypertension" not in words(read(who=other))


def test_sensitive_facts_are_absent_for_who_may_not_know(client, write, person, ward, physician):
    from tests.records.access.factories import at_work

    write(restricted(condition("370143000")), condition("38341003"), restricted(medication("Sertraline"), "V"))
    pharmacist = at_work("pharmacist", ward.establishment)
    open_relation(person, by=physician, user=pharmacist, reason="Conciliation")
    client.force_login(pharmacist)
    for page in PAGES:
        response = client.get(reverse(f"fhir:{page}", args=[person.pk]), {"q": "dépressif sertraline"})
        shown = words(response.content.decode())
        assert "pressif" not in shown.replace("dépressif sertraline", "") and "Sertraline" not in shown, page


@pytest.mark.parametrize("page", PAGES)
def test_without_a_care_relation_every_page_is_refused_and_shows_nothing(page, client, stranger, person, write):
    write(condition("44054006"))
    client.force_login(stranger)
    response = client.get(reverse(f"fhir:{page}", args=[person.pk]))
    assert response.status_code == 403
    assert "Diabète" not in response.content.decode()
    assert AuditLine.objects.filter(action="access.refused", patient_id=person.pk, outcome="refused").count() == 1
    assert not AuditLine.objects.filter(action="record.print").exists()


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_one_reading_in_the_audit(page, read, person, physician):
    read(page, q="diabète")
    lines = AuditLine.objects.filter(patient_id=person.pk, actor_id=physician.pk)
    extra = {"print": {"record.print"}, "search": {"record.search"}}.get(page, set())
    assert sorted(lines.values_list("action", flat=True)) == sorted({"record.read"} | extra)


def test_who_reads_but_may_not_print_has_no_button_and_is_refused(client, ward, person, physician):
    from tests.records.access.factories import at_work

    biologist = at_work("laboratory", ward.establishment)
    open_relation(person, by=physician, user=biologist, reason="Avis")
    client.force_login(biologist)
    assert "Imprimer" not in client.get(person.get_absolute_url()).content.decode()
    assert client.get(reverse("fhir:print", args=[person.pk])).status_code == 403


def test_the_thread_is_filtered_by_type_period_and_place(read, shell, write, person, ward):
    start = timezone.now() - datetime.timedelta(hours=40)
    stay = shell.create(encounter(person, ward, start=start))
    reference = {"reference": f"Encounter/{stay['id']}"}
    write(
        condition("44054006", onsetDateTime="2009"), lab("2823-3", 4, "mmol/L", 3, encounter=reference), note("Sevrée")
    )
    assert "Diabète" in words(read("timeline"))
    assert "Diabète" not in words(read("timeline", kind="results"))
    assert "Potassium" in words(read("timeline", kind="results"))
    assert "Diabète" not in words(read("timeline", period="stay"))
    code = ward.establishment.code
    assert "Sevrée" not in words(read("timeline", place=f"Organization/{code}"))
    assert "Potassium" in words(read("timeline", place=f"Organization/{code}"))
    assert "Rien ne répond à ces filtres" in read("timeline", place="Organization/none")


@pytest.mark.parametrize("asked", ["diabete", "السكري", "type 2 diabetes", "DIABÈTE type"])
def test_a_search_finds_a_fact_by_its_words_in_any_language(asked, read, write):
    write(condition("44054006"), condition("38341003"), note("Pied sain"))
    shown = words(read("search", q=asked)).split("</h2>")[-1]
    assert "Diabète de type 2" in shown
    assert "Hypertension" not in shown


def test_a_search_reads_the_words_of_notes_but_not_identifiers(read, write):
    write(note("Sevrage de l’oxygène"))
    assert "1 trouvé" in read("search", q="sevrage oxygene")
    assert "Rien dans ce dossier" in read("search", q="Patient")


def test_stays_are_grouped_by_establishment(read, shell, person, ward):
    for days in (400, 20):
        start = timezone.now() - datetime.timedelta(days=days)
        shell.create(encounter(person, ward, status="finished", start=start, end=start + datetime.timedelta(days=2)))
    html = read("encounters")
    assert html.count('id="h-place-') == 1
    assert "2 séjours ou visites" in words(html)


QUERIES = {"record": 20, "timeline": 20, "results": 20, "print": 22}


@pytest.mark.parametrize("page", QUERIES)
@pytest.mark.parametrize("number", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_record(
    page, number, read, write, shell, person, ward, django_assert_num_queries
):
    start = timezone.now() - datetime.timedelta(hours=40)
    shell.create(encounter(person, ward, start=start))
    for n in range(number):
        by = {"performer": [{"display": "Dr A"}]}
        write(condition("44054006"), medication("Bisoprolol"), allergy("764146007"), note("Stable"))
        write(lab("2823-3", 4 + n / 10, "mmol/L", 3 + n, **by), vital("8867-4", 80, "/min", n + 1))
    read(page)  # the first opening fills the caches of the process
    with django_assert_num_queries(QUERIES[page]):
        read(page)


@pytest.mark.parametrize("lang", ["fr", "ar-dz", "en"])
@pytest.mark.parametrize("sample", ["buster_hoeger", "agustin_fonseca"])
def test_a_synthetic_patient_reads_well_in_every_language(sample, lang, client, shell, physician, ward, nurse, db):
    bundle = json.loads((SAMPLES / f"{sample}.json").read_text())
    address = next(e["fullUrl"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Patient")
    patient = PersonFactory(pk=address.removeprefix("urn:uuid:"))
    shell.transaction(bundle)
    open_relation(patient, by=nurse, service=ward, reason="Consultation")
    client.force_login(physician)
    client.cookies["language"] = lang
    for page in PAGES:
        response = client.get(reverse(f"fhir:{page}", args=[patient.pk]), {"q": "body"})
        assert response.status_code == 200
        assert len(response.content) < 250_000
        assert not re.search(r"\bNone\b(?! recorded)", words(response.content.decode()))
