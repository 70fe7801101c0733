"""Small bodies for the tests, as a colleague would write them."""

import datetime
from typing import Any

from maristan.records.fhir.enums import CONFIDENTIALITY
from maristan.records.fhir.fhir import organization_reference

TODAY = datetime.datetime.now(tz=datetime.UTC)
HEART_RATE = {"system": "http://loinc.org", "code": "8867-4", "display": "Heart rate"}


def heart_rate(person: Any, value: float = 72, at: str = "2026-03-01T10:00:00+01:00", **more: Any) -> dict:
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [HEART_RATE]},
        "subject": {"reference": f"Patient/{person.pk}"},
        "effectiveDateTime": at,
        "valueQuantity": {"value": value, "unit": "/min", "system": "http://unitsofmeasure.org", "code": "/min"},
        **more,
    }


def restricted(body: dict, code: str = "R") -> dict:
    return {**body, "meta": {"security": [{"system": CONFIDENTIALITY, "code": code}]}}


def encounter(person: Any, service: Any, *, status: str = "in-progress", start: Any, end: Any = None) -> dict:
    period = {"start": start.isoformat()} | ({"end": end.isoformat()} if end else {})
    return {
        "resourceType": "Encounter",
        "status": status,
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "IMP"},
        "subject": {"reference": f"Patient/{person.pk}"},
        "serviceProvider": organization_reference(service),
        "period": period,
    }


def transaction(*entries: dict) -> dict:
    return {"resourceType": "Bundle", "type": "transaction", "entry": list(entries)}


def post(body: dict, full_url: str = "", **request: Any) -> dict:
    entry = {"resource": body, "request": {"method": "POST", "url": body["resourceType"], **request}}
    return {"fullUrl": full_url, **entry} if full_url else entry


def put(body: dict, **request: Any) -> dict:
    url = f"{body['resourceType']}/{body['id']}"
    return {"resource": body, "request": {"method": "PUT", "url": url, **request}}
