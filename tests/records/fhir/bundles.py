"""Invented bundles for tests of the import: a hospital, and patients with encounters and measures, always the same."""

import json
import random
import uuid
from pathlib import Path
from typing import Any

from tests.records.fhir.bodies import post, transaction

NAMES = ["Boudjemaa", "Haddad", "Cherif", "Benali", "Saidi"]
GIVEN = ["Hayet", "Yacine", "Nadia", "Omar", "Lina"]


def urn(chance: random.Random) -> str:
    return f"urn:uuid:{uuid.UUID(int=chance.getrandbits(128), version=4)}"


def hospital() -> dict[str, Any]:
    """The one hospital all patients below go to."""
    return {
        "resourceType": "Organization",
        "active": True,
        "name": "Hôpital d'essai",
        "identifier": [{"system": "https://example.org/hospitals", "value": "H1"}],
    }


def hospital_bundle() -> dict[str, Any]:
    return transaction(post(hospital(), urn(random.Random("hospital"))))


def patient_bundle(seed: int, measures: int = 6) -> dict[str, Any]:
    """One patient, two encounters, some measures with decimals, one condition; references in both directions."""
    chance = random.Random(seed)
    patient, stays = urn(chance), [urn(chance), urn(chance)]
    entries = [post(_patient(chance), patient)]
    for number, stay in enumerate(stays):
        entries.append(post(_encounter(patient, f"20{18 + number}-05"), stay))
    for _number in range(measures):
        entries.append(post(_measure(patient, chance.choice(stays), chance), urn(chance)))
    entries.append(post(_condition(patient, stays[0]), urn(chance)))
    return transaction(*entries)


def write_bundles(folder: Path, patients: int = 5, measures: int = 6) -> list[Path]:
    """A hospital and some patients as files, named so that the hospital sorts last."""
    folder.mkdir(exist_ok=True)
    bundles = {f"patient{seed}.json": patient_bundle(seed, measures) for seed in range(patients)}
    bundles["zz-hospital.json"] = hospital_bundle()
    for name, bundle in bundles.items():
        (folder / name).write_text(json.dumps(bundle, indent=1, ensure_ascii=False))
    return sorted(folder.iterdir())


def _patient(chance: random.Random) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "name": [{"family": chance.choice(NAMES), "given": [chance.choice(GIVEN)]}],
        "gender": chance.choice(["female", "male"]),
        "birthDate": f"{chance.randint(1930, 2020)}-0{chance.randint(1, 9)}-1{chance.randint(0, 9)}",
        "multipleBirthBoolean": False,
    }


def _encounter(patient: str, month: str) -> dict[str, Any]:
    return {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
        "subject": {"reference": patient},
        "serviceProvider": {"reference": "Organization?identifier=https://example.org/hospitals|H1"},
        "period": {"start": f"{month}-04T08:00:00+01:00", "end": f"{month}-04T09:30:00+01:00"},
    }


def _measure(patient: str, stay: str, chance: random.Random) -> dict[str, Any]:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": chance.choice(["8867-4", "29463-7"])}]},
        "subject": {"reference": patient},
        "encounter": {"reference": stay},
        "effectiveDateTime": f"20{chance.randint(10, 25)}-03",
        "valueQuantity": {"value": chance.randint(400, 990) / 10, "unit": "kg"},
    }


def _condition(patient: str, stay: str) -> dict[str, Any]:
    return {
        "resourceType": "Condition",
        "clinicalStatus": {
            "coding": [
                {"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"},
            ]
        },
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": "38341003"}], "text": "HTA"},
        "subject": {"reference": patient},
        "encounter": {"reference": stay},
        "onsetDateTime": "2018",
    }
