"""Bundles from files: whole or not at all, once, in any order, and each refusal says where and what to do."""

import copy
import json
import os

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from maristan.core.audit.models import AuditLine
from maristan.records.fhir.commands import command
from maristan.records.fhir.models import ImportedFile, Resource, ResourceVersion
from maristan.records.fhir.services.imports import find_files, import_file, import_files
from maristan.records.patients.models import Person
from tests.records.fhir.bundles import hospital, hospital_bundle, patient_bundle, write_bundles

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PER_PATIENT = 10


@pytest.fixture
def folder(tmp_path):
    write_bundles(tmp_path / "bundles", patients=3)
    return tmp_path / "bundles"


def write(path, content):
    text = content if isinstance(content, bytes | str) else json.dumps(content)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def stored():
    """What the store holds, independent of times: type, id, version, body."""
    return set(ResourceVersion.objects.values_list("type", "fhir_id", "version", "body"))


def import_all(folder):
    return {one.path.name: one for one in import_files(find_files([folder]))}


class TestFolder:
    def test_brings_every_resource_and_person(self, folder):
        results = import_all(folder)
        assert {one.state for one in results.values()} == {"done"}
        assert Resource.objects.count() == 3 * PER_PATIENT + 1
        assert Person.objects.count() == 3
        assert Resource.objects.filter(type="Observation", person=None).count() == 0

    def test_hospitals_come_first_whatever_their_name(self, folder):
        assert find_files([folder])[0].name == "zz-hospital.json"

    def test_any_order_ends_in_the_same_store(self, folder):
        files = sorted(folder.iterdir())
        results = list(import_files(files))
        assert [one.state for one in results] == ["done"] * 4
        assert Resource.objects.count() == 3 * PER_PATIENT + 1

    def test_a_second_time_changes_nothing_and_says_so(self, folder):
        import_all(folder)
        before, lines = stored(), AuditLine.objects.count()
        assert {one.state for one in import_all(folder).values()} == {"unchanged"}
        assert stored() == before
        assert AuditLine.objects.count() == lines

    def test_the_same_bundle_in_another_layout_adds_no_version(self, folder, tmp_path):
        import_all(folder)
        before = stored()
        again = write(tmp_path / "again.json", patient_bundle(0))
        assert import_file(again).counts == {"created": 0, "updated": 0, "deleted": 0, "unchanged": PER_PATIENT}
        assert stored() == before

    def test_references_are_resolved(self, folder):
        import_all(folder)
        encounters = set(Resource.objects.filter(type="Encounter").values_list("fhir_id", flat=True))
        measures = Resource.objects.filter(type="Observation")
        assert {row.encounter for row in measures} <= encounters
        assert "urn:uuid" not in "".join(version.body for version in ResourceVersion.objects.all())

    def test_each_bundle_is_one_line_about_its_patient(self, folder):
        import_all(folder)
        lines = AuditLine.objects.filter(action="record.import", outcome="success")
        persons = set(lines.values_list("patient_id", flat=True)) - {None}
        assert persons == set(Person.objects.values_list("pk", flat=True))
        assert lines.count() == 4
        assert all(len(line.detail["digest"]) == 64 and line.detail["file"] for line in lines)


class TestShared:
    def test_a_hospital_said_again_in_fewer_words_is_left_alone(self, tmp_path):
        bundle = hospital_bundle()
        import_file(write(tmp_path / "full.json", bundle))
        del bundle["entry"][0]["resource"]["active"]
        assert import_file(write(tmp_path / "short.json", bundle)).counts["unchanged"] == 1
        assert ResourceVersion.objects.count() == 1

    def test_one_said_with_more_words_gets_a_version(self, tmp_path):
        bundle = hospital_bundle()
        import_file(write(tmp_path / "short.json", bundle))
        bundle["entry"][0]["resource"]["alias"] = ["Essai"]
        assert import_file(write(tmp_path / "full.json", bundle)).counts["updated"] == 1

    def test_one_that_contradicts_is_refused(self, tmp_path):
        bundle = hospital_bundle()
        import_file(write(tmp_path / "a.json", bundle))
        bundle["entry"][0]["resource"]["name"] = "Autre"
        refused = import_file(write(tmp_path / "b.json", bundle))
        assert [problem.code for problem in refused.problems] == ["duplicate"]

    def test_a_conditional_create_meets_what_is_there(self, tmp_path):
        import_file(write(tmp_path / "a.json", hospital_bundle()))
        bundle = hospital_bundle()
        bundle["entry"][0]["fullUrl"] = "urn:uuid:00000000-0000-4000-8000-000000000001"
        bundle["entry"][0]["request"]["ifNoneExist"] = "identifier=https://example.org/hospitals|H1"
        import_file(write(tmp_path / "b.json", bundle))
        assert Resource.objects.filter(type="Organization").count() == 1
        assert hospital()["name"] in ResourceVersion.objects.get().body


class TestRefusal:
    @pytest.mark.parametrize(
        ("spoil", "path", "code"),
        [
            (lambda e: e["resource"].update(status="bogus"), "entry[3].resource.status", "code-invalid"),
            (lambda e: e["resource"].pop("status"), "entry[3].resource.status", "required"),
            (lambda e: e["resource"].update(resourceType="Obs"), "entry[3].resource.resourceType", "value"),
            (lambda e: e["resource"].update(valueString="x"), "entry[3].resource.valueString", "structure"),
            (lambda e: e["resource"].update(colour="red"), "entry[3].resource.colour", "structure"),
            (lambda e: e["resource"].update(effectiveDateTime="2021-02-30"), "effectiveDateTime", "value"),
            (lambda e: e["resource"].update(effectiveDateTime="0000"), "effectiveDateTime", "value"),
            (lambda e: e["resource"].update(note=[{"text": " "}]), "note[0].text", "value"),
            (lambda e: e["resource"].update(subject={"reference": "urn:uuid:none"}), "subject.reference", "not-found"),
            (lambda e: e["resource"].update(encounter={"reference": "Patient/x"}), "encounter.reference", "structure"),
            (lambda e: e["resource"].update(encounter={"reference": "#no"}), "encounter.reference", "not-found"),
            (lambda e: e["resource"]["valueQuantity"].update(value="7"), "valueQuantity.value", "value"),
            (lambda e: e["request"].update(method="PATCH"), "entry[3].request.method", "not-supported"),
            (lambda e: e["request"].update(url="Patient"), "entry[3].request.url", "value"),
            (lambda e: e.pop("request"), "entry[3].request", "required"),
            (lambda e: e["request"].update(ifNoneExist="name=x"), "request.ifNoneExist", "not-supported"),
        ],
    )
    def test_names_the_place_and_writes_nothing(self, spoil, path, code, tmp_path):
        import_file(write(tmp_path / "hospital.json", hospital_bundle()))
        bundle = patient_bundle(1)
        spoil(bundle["entry"][3])
        before = stored()
        refused = import_file(write(tmp_path / "bad.json", bundle))
        assert refused.state == "refused"
        assert [(problem.path.endswith(path), problem.code) for problem in refused.problems] == [(True, code)]
        assert refused.problems[0].words
        assert stored() == before
        assert not Person.objects.exists()

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"null",
            b"[]",
            b'{"resourceType": "Bundle"',
            b'{"resourceType": "Bundle", "type": "transaction", "entry": {}}',
            b'{"resourceType": "Bundle", "type": "transaction", "entry": [1]}',
            b'{"resourceType": "Bundle", "type": "batch"}',
            b'{"resourceType": "Bundle", "type": "transaction", "type": "batch"}',
            b'{"resourceType": "Patient"}',
            b'{"a": "\\u0000"}',
            b'{"a": "\\ud800"}',
            b'{"a": NaN}',
            b'{"a": 1' + b"0" * 5000 + b"}",
            b"[" * 100_000,
            b'{"a":' * 5000 + b"1" + b"}" * 5000,
            b"\xff\xfe",
        ],
    )
    def test_of_what_is_no_bundle(self, content, tmp_path):
        refused = import_file(write(tmp_path / "bad.json", content))
        assert (refused.state, len(refused.problems)) == ("refused", 1)
        assert not ResourceVersion.objects.exists()

    def test_is_kept_in_the_ledger_and_the_audit(self, tmp_path):
        bundle = patient_bundle(1)
        bundle["entry"][3]["resource"]["status"] = "bogus"
        import_file(write(tmp_path / "bad.json", bundle))
        kept = ImportedFile.objects.get()
        assert (kept.state, kept.name) == ("refused", "bad.json")
        assert ["Bundle.entry[3].resource.status", "code-invalid"] in [problem[:2] for problem in kept.problems]
        assert AuditLine.objects.get(action="record.import").outcome == "refused"

    def test_is_tried_again_and_may_succeed(self, tmp_path):
        late = write(tmp_path / "patient.json", patient_bundle(1))
        assert import_file(late).may_come_later
        import_file(write(tmp_path / "hospital.json", hospital_bundle()))
        assert import_file(late).state == "done"

    def test_of_a_resource_that_stands_twice(self, tmp_path):
        bundle = hospital_bundle()
        bundle["entry"].append(copy.deepcopy(bundle["entry"][0]))
        refused = import_file(write(tmp_path / "bad.json", bundle))
        assert [problem.code for problem in refused.problems] == ["duplicate"]

    def test_of_an_unreadable_file(self, tmp_path):
        assert import_file(tmp_path / "absent.json").problems[0].code == "exception"


class TestCommand:
    def run(self, *arguments):
        return CliRunner().invoke(command, ["bundle", *map(str, arguments)])

    def test_imports_and_says_how_many(self, folder):
        result = self.run(folder)
        assert result.exit_code == 0
        assert "31 created" in result.output
        assert "nothing changed" in self.run(folder).output

    def test_a_dry_run_keeps_nothing(self, folder):
        result = self.run("--dry-run", folder)
        assert result.exit_code == 0
        assert "31 created" in result.output
        assert not ResourceVersion.objects.exists()
        assert not ImportedFile.objects.exists()

    def test_refusals_stand_in_a_table_with_cause_and_example(self, folder):
        (folder / "broken.json").write_text("{")
        result = self.run(folder)
        assert result.exit_code == 1
        assert "no readable JSON" in result.output
        assert "broken.json" in result.output

    def test_the_journal_names_every_version_stored(self, folder, tmp_path):
        self.run("--journal", tmp_path / "journal", folder)
        lines = (tmp_path / "journal").read_text().splitlines()
        named = {line.split()[0] for line in lines}
        assert named == {str(version) for version in ResourceVersion.objects.all()}

    def test_an_empty_folder_is_a_mistake_of_use(self, tmp_path):
        assert self.run(tmp_path).exit_code == 2


mutations = st.tuples(st.integers(0, 2**31), st.sampled_from(["cut", "flip", "drop", "double", "retype"]))


def mutate(text: bytes, position: int, how: str) -> bytes:
    """Damage a bundle as transport and bad software do."""
    position %= len(text)
    if how == "cut":
        return text[:position]
    if how == "flip":
        return text[:position] + bytes([text[position] ^ 0x21]) + text[position + 1 :]
    bundle = json.loads(text)
    entry = bundle["entry"][position % len(bundle["entry"])]
    body = entry["resource"]
    name = sorted(body)[position % len(body)]
    if how == "drop":
        del body[name]
    elif how == "double":
        bundle["entry"].append(entry)
    else:
        body[name] = [{}, [], 7, "", None, "x" * 70000, {"a": 1}][position % 7]
    return json.dumps(bundle).encode()


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mutations)
def test_a_damaged_bundle_is_imported_whole_or_refused_whole(tmp_path, mutation):
    import_file(write(tmp_path / "hospital.json", hospital_bundle()))
    before = Resource.objects.count(), Person.objects.count(), ResourceVersion.objects.count()
    text = json.dumps(patient_bundle(mutation[0] % 997)).encode()
    imported = import_file(write(tmp_path / f"damaged{os.getpid()}.json", mutate(text, *mutation)))
    after = Resource.objects.count(), Person.objects.count(), ResourceVersion.objects.count()
    if imported.state == "refused":
        assert after == before
        assert imported.problems
        assert all(problem.words and problem.code for problem in imported.problems)
    elif imported.state == "done":
        assert after[2] - before[2] == sum(imported.counts.values()) - imported.counts["unchanged"]
    else:
        assert after == before
