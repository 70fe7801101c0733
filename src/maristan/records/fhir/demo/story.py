"""The builders of a demo story: each method adds one kind of fact, as FHIR R4, dated back from the moment of loading.

Hours are counted back from that moment, so that a demo started at any hour shows a ward of today.
"""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from maristan.records.fhir.queries.facts import Body
from maristan.records.patients.demo import person_id
from maristan.records.terminology.queries import LOINC, SNOMED, find_label

CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"
ACT = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
HL7 = "http://terminology.hl7.org/CodeSystem"
CHU, EHS, EPH = "25-chu-01", "25-ehs-03", "25-eph-04"

# test: LOINC code, UCUM unit as the laboratories of the wilaya write it
TESTS = {
    "INR": ("34714-6", "{INR}"),
    "TP": ("5894-1", "%"),
    "CRP": ("1988-5", "mg/L"),
    "PCT": ("33959-8", "ng/mL"),
    "Hb": ("718-7", "g/dL"),
    "GB": ("6690-2", "10*3/uL"),
    "Plq": ("777-3", "10*3/uL"),
    "Gly": ("2345-7", "g/L"),
    "HbA1c": ("4548-4", "%"),
    "Uree": ("3091-6", "g/L"),
    "Creat": ("2160-0", "mg/L"),
    "DFG": ("98979-8", "mL/min/{1.73_m2}"),
    "Na": ("2951-2", "mmol/L"),
    "K": ("2823-3", "mmol/L"),
    "Ca": ("17861-6", "mg/L"),
    "Alb": ("1751-7", "g/L"),
    "Bili": ("1975-2", "mg/L"),
    "ALAT": ("1742-6", "U/L"),
    "ASAT": ("1920-8", "U/L"),
    "GGT": ("2324-2", "U/L"),
    "Lipase": ("3040-3", "U/L"),
    "Tropo": ("89579-7", "ng/L"),
    "BNP": ("33762-6", "pg/mL"),
    "DDim": ("48065-7", "ug/L"),
    "Lact": ("2524-7", "mmol/L"),
    "pH": ("2744-1", "[pH]"),
    "PaO2": ("2703-7", "mm[Hg]"),
    "PaCO2": ("2019-8", "mm[Hg]"),
    "CT": ("2093-3", "g/L"),
    "LDL": ("13457-7", "g/L"),
    "HDL": ("2085-9", "g/L"),
    "TG": ("2571-8", "g/L"),
    "TSH": ("3016-3", "m[IU]/L"),
    "Ferr": ("2276-4", "ug/L"),
}
VITALS = {
    "t": ("8310-5", "Cel"),
    "fc": ("8867-4", "/min"),
    "fr": ("9279-1", "/min"),
    "spo2": ("59408-5", "%"),
    "o2": ("3151-8", "L/min"),
    "poids": ("29463-7", "kg"),
    "taille": ("8302-2", "cm"),
    "dl": ("38208-5", "{score}"),
    "pc": ("9843-4", "cm"),
}
ALERT = {"A": "248234008", "C": "130987000", "V": "300202002", "P": "450847001", "U": "422768004"}


@dataclass
class Staff:
    """Who signs: our demo accounts by user name, and colleagues known by their words only."""

    references: dict[str, Body]

    def __call__(self, who: str) -> Body:
        return self.references.get(who, {"display": who})


@dataclass
class Story:
    """Facts of one person of `patients.demo.PEOPLE`. `stay_id` is the encounter that new facts belong to."""

    key: str
    now: datetime.datetime
    staff: Staff
    bodies: list[Body] = field(default_factory=list)
    stay_id: str = ""
    place: str = ""
    doctor: str = ""
    nurse: str = ""
    labels: str = ""

    @property
    def patient(self) -> Body:
        return {"reference": f"Patient/{person_id(self.key)}"}

    def ago(self, hours: float = 0, *, days: float = 0) -> datetime.datetime:
        return self.now - datetime.timedelta(days=days, hours=hours)

    def stay(
        self,
        place: str,
        *,
        hours: float,
        reason: str,
        bed: str = "",
        doctor: str = "",
        nurse: str = "",
        until: float | None = None,
        kind: str = "IMP",
    ) -> None:
        """An encounter `hours` ago, running unless it ended `until` hours ago; what follows is recorded in it."""
        self.place, self.doctor, self.nurse = place, doctor, nurse or doctor
        period = {"start": stamp(self.ago(hours))} | ({} if until is None else {"end": stamp(self.ago(until))})
        body: Body = {
            "resourceType": "Encounter",
            "status": "in-progress" if until is None else "finished",
            "class": {"system": ACT, "code": kind},
            "subject": self.patient,
            "period": period,
            "reasonCode": [coded(SNOMED, reason)],
            "serviceProvider": {"reference": f"Organization/{place}"},
        }
        if doctor:
            role = [{"coding": [{"system": f"{HL7}/v3-ParticipationType", "code": "ATND"}]}]
            body["participant"] = [{"type": role, "individual": self.staff(doctor)}]
        if bed:
            body["location"] = [{"location": {"display": bed}, "status": "active" if until is None else "completed"}]
        self.stay_id = ""
        self.stay_id = self._add(body)

    def visit(
        self, place: str, *, days: float, reason: str, doctor: str = "", kind: str = "AMB", text: str = ""
    ) -> None:
        """A past consultation, with its note when there is one."""
        self.stay(place, hours=days * 24, reason=reason, doctor=doctor, until=days * 24 - 0.5, kind=kind)
        if text:
            self.note("34108-1", days * 24 - 0.4, text)

    def outside(self) -> None:
        """What follows belongs to no encounter: history told at admission."""
        self.stay_id = ""

    def problem(self, code: str, *, since: str | float, note: str = "", until: str | float | None = None) -> None:
        """A condition; `since` and `until` are a FHIR date or days back."""
        body: Body = {
            "resourceType": "Condition",
            "clinicalStatus": status("condition-clinical", "active" if until is None else "resolved"),
            "verificationStatus": status("condition-ver-status", "confirmed"),
            "code": coded(SNOMED, code),
            "subject": self.patient,
            "onsetDateTime": self._when(since),
        }
        if until is not None:
            body["abatementDateTime"] = self._when(until)
        if note:
            body["note"] = [{"text": note}]
        self._add(body, who="recorder")

    def allergy(
        self, code: str, *, reaction: str, since: str, certainty: str = "confirmed", high: bool = False
    ) -> None:
        """A known allergy with its reaction."""
        body = self._allergy(code, certainty) | {"criticality": "high" if high else "low", "onsetDateTime": since}
        body["reaction"] = [{"manifestation": [coded(SNOMED, reaction)], "severity": "severe" if high else "moderate"}]
        self._add(body, who="recorder")

    def no_allergy(self, hours: float) -> None:
        """Asked, and none known."""
        self._add(self._allergy("716186003", "confirmed") | {"recordedDate": stamp(self.ago(hours))}, who="recorder")

    def _allergy(self, code: str, certainty: str) -> Body:
        return {
            "resourceType": "AllergyIntolerance",
            "clinicalStatus": status("allergyintolerance-clinical", "active"),
            "verificationStatus": status("allergyintolerance-verification", certainty),
            "code": coded(SNOMED, code),
            "patient": self.patient,
        }

    def prescribe(
        self, drug: str, dose: str, rhythm: str, *, hours: float, state: str = "active", **facts: Any
    ) -> None:
        """A prescription: dose "250 mg", rhythm "1/d", "3/d", "q8h" or "prn"; when, days, since, reason, stopped."""
        repeat, dosage = _rhythm(rhythm), {}
        if facts.get("when"):
            repeat["when"] = facts["when"].split()
        start = self.ago(hours)
        if facts.get("days"):
            repeat["boundsPeriod"] = {
                "start": stamp(start),
                "end": stamp(start + datetime.timedelta(days=facts["days"] - 1)),
            }
        if rhythm == "prn":
            dosage["asNeededBoolean"] = True
        elif repeat:
            dosage["timing"] = {"repeat": repeat}
        if dose:
            dosage["doseAndRate"] = [{"doseQuantity": _quantity(dose)}]
        if facts.get("most"):
            day = {"value": 24, "unit": "h", "system": "http://unitsofmeasure.org", "code": "h"}
            dosage["maxDosePerPeriod"] = {"numerator": _quantity(facts["most"]), "denominator": day}
        body: Body = {
            "resourceType": "MedicationRequest",
            "status": state,
            "intent": "order",
            "medicationCodeableConcept": {"text": drug},
            "subject": self.patient,
            "authoredOn": facts.get("since") or stamp(start),
            "dosageInstruction": [dosage],
        }
        if facts.get("reason"):
            body["statusReason"] = {"text": facts["reason"]}
        if facts.get("stopped") is not None:
            url = "http://hl7.org/fhir/5.0/StructureDefinition/extension-MedicationRequest.statusChanged"
            body["extension"] = [{"url": url, "valueDateTime": stamp(self.ago(facts["stopped"]))}]
        self._add(body, who="requester")

    def give(self, drug: str, dose: str, hours: float) -> None:
        """A dose given."""
        body = {
            "resourceType": "MedicationAdministration",
            "status": "completed",
            "medicationCodeableConcept": {"text": drug},
            "subject": self.patient,
            "effectiveDateTime": stamp(self.ago(hours)),
            "dosage": {"text": dose, "dose": _quantity(dose)},
        }
        self._add(body, who="performer", by=self.nurse)

    def vitals(self, rounds: Iterable[tuple]) -> None:
        """Rounds: (hours ago, {"t": 38.9, "ta": "98/54", …}); oxygen 0 is room air, "acvpu" is a letter."""
        for hours, values in rounds:
            for name, found in values.items():
                self._vital(name, found, hours)

    def _vital(self, name: str, found: Any, hours: float) -> None:
        if name == "ta":
            systolic, diastolic = (int(part) for part in found.split("/"))
            body: Body = {"code": coded(LOINC, "85354-9")}
            body["component"] = [
                {"code": coded(LOINC, code), "valueQuantity": quantity(figure, "mm[Hg]")}
                for code, figure in (("8480-6", systolic), ("8462-4", diastolic))
            ]
        elif name == "acvpu":
            body = {"code": coded(LOINC, "80288-4"), "valueCodeableConcept": coded(SNOMED, ALERT[found])}
        else:
            code, unit = VITALS[name]
            body = {"code": coded(LOINC, code), "valueQuantity": quantity(found, unit)}
        self._observe(body, "vital-signs", hours, by=self.nurse)

    def lab(self, hours: float, *, by: str = "laboratory", **tests: Any) -> dict[str, str]:
        """Results sampled together; a value may be (value, interpretation) or (value, interpretation, (low, high))."""
        ids = {}
        for name, found in tests.items():
            value, flag, bounds = (*found, None, None)[:3] if isinstance(found, tuple) else (found, None, None)
            code, unit = TESTS[name]
            body: Body = {"code": coded(LOINC, code), "valueQuantity": quantity(value, unit)}
            if flag:
                body["interpretation"] = [{"coding": [{"system": INTERPRETATION, "code": flag}]}]
            if bounds:
                low, high = (quantity(bound, unit) for bound in bounds)
                body["referenceRange"] = [{"low": low, "high": high}]
            ids[name] = self._observe(body, "laboratory", hours, by=by)
        return ids

    def _observe(self, body: Body, category: str, hours: float, *, by: str) -> str:
        body |= {
            "resourceType": "Observation",
            "status": "final",
            "category": [{"coding": [{"system": CATEGORY, "code": category}]}],
            "subject": self.patient,
            "effectiveDateTime": stamp(self.ago(hours)),
        }
        return self._add(body, who="performer", by=by)

    def habit(self, code: str, days: float) -> None:
        """Tobacco, as answered."""
        body = {"code": coded(LOINC, "72166-2"), "valueCodeableConcept": coded(SNOMED, code)}
        self._observe(body, "social-history", days * 24, by=self.doctor)

    def acknowledge(self, observation: str, hours: float, words: str, by: str) -> None:
        """Somebody takes note of a critical result."""
        body = {
            "resourceType": "Communication",
            "status": "completed",
            "subject": self.patient,
            "about": [{"reference": f"Observation/{observation}"}],
            "sent": stamp(self.ago(hours)),
            "payload": [{"contentString": words}],
        }
        self._add(body, who="sender", by=by)

    def note(self, code: str, hours: float, *paragraphs: str, by: str = "", title: str = "") -> None:
        """A signed note or letter: paragraphs, or "Title: text" sections."""
        sections = []
        for paragraph in paragraphs:
            head, bar, rest = paragraph.partition(" | ")
            text = rest if bar else head
            div = f'<div xmlns="http://www.w3.org/1999/xhtml"><p>{text}</p></div>'
            sections.append(({"title": head} if bar else {}) | {"text": {"status": "generated", "div": div}})
        body: Body = {
            "resourceType": "Composition",
            "status": "final",
            "type": coded(LOINC, code),
            "subject": self.patient,
            "date": stamp(self.ago(hours)),
            "title": title or str(find_label(LOINC, code, "fr") or code),
            "section": sections,
        }
        if self.place:
            body["custodian"] = {"reference": f"Organization/{self.place}"}
        self._add(body, who="author", by=by)

    def report(self, code: str, hours: float, conclusion: str, *, by: str, state: str = "final") -> None:
        """Imaging or microbiology with its conclusion; "preliminary" when more is awaited."""
        body = {
            "resourceType": "DiagnosticReport",
            "status": state,
            "code": coded(LOINC, code),
            "subject": self.patient,
            "effectiveDateTime": stamp(self.ago(hours)),
            "conclusion": conclusion,
        }
        self._add(body, who="performer", by=by)

    def request(
        self, system: str, code: str, hours: float, *, due: float | None = None, note: str = "", urgent: bool = False
    ) -> None:
        """A request still without answer; `due` hours from now."""
        body: Body = {
            "resourceType": "ServiceRequest",
            "status": "active",
            "intent": "order",
            "priority": "urgent" if urgent else "routine",
            "code": coded(system, code),
            "subject": self.patient,
            "authoredOn": stamp(self.ago(hours)),
        }
        if due is not None:
            body["occurrenceDateTime"] = stamp(self.ago(-due))
        if note:
            body["note"] = [{"text": note}]
        self._add(body, who="requester")

    def procedure(self, code: str, hours: float, note: str = "") -> None:
        """An operation or act done."""
        body: Body = {
            "resourceType": "Procedure",
            "status": "completed",
            "code": coded(SNOMED, code),
            "subject": self.patient,
            "performedDateTime": stamp(self.ago(hours)),
        }
        if note:
            body["note"] = [{"text": note}]
        self._add(body, who="recorder")

    def vaccine(self, code: str, when: str | float, dose: int | None = None) -> None:
        """A dose given."""
        body: Body = {
            "resourceType": "Immunization",
            "status": "completed",
            "vaccineCode": coded("http://hl7.org/fhir/sid/cvx", code),
            "patient": self.patient,
            "occurrenceDateTime": self._when(when),
        }
        if dose:
            body["protocolApplied"] = [{"doseNumberPositiveInt": dose}]
        self._add(body)

    def flag(self, words: str, hours: float) -> None:
        """A declared alert, such as an isolation."""
        category = [{"coding": [{"system": f"{HL7}/flag-category", "code": "safety"}]}]
        body: Body = {"resourceType": "Flag", "status": "active", "category": category, "code": {"text": words}}
        self._add(body | {"subject": self.patient, "period": {"start": stamp(self.ago(hours))}})

    def _when(self, moment: str | float) -> str:
        return moment if isinstance(moment, str) else self.ago(days=moment).date().isoformat()

    def _add(self, body: Body, *, who: str = "", by: str = "") -> str:
        type_ = body["resourceType"]
        body["id"] = str(uuid.uuid5(person_id(self.key), f"{type_}-{len(self.bodies)}"))
        body["language"] = "fr"
        if self.labels:
            body["meta"] = {"security": [{"system": CONFIDENTIALITY, "code": self.labels}]}
        if self.stay_id and type_ not in ("AllergyIntolerance", "Flag", "Immunization"):
            name = "context" if type_ == "MedicationAdministration" else "encounter"
            body[name] = {"reference": f"Encounter/{self.stay_id}"}
        signer = by or self.doctor
        if who and signer:
            reference = self.staff(signer)
            body[who] = _wrapped(type_, who, reference)
        self.bodies.append(body)
        return body["id"]


def _wrapped(type_: str, who: str, reference: Body) -> Any:
    if who == "performer" and type_ in ("MedicationAdministration", "Procedure", "Immunization"):
        return [{"actor": reference}]
    return [reference] if who in ("performer", "author") else reference


def stamp(moment: datetime.datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


def coded(system: str, code: str) -> Body:
    """A concept with our French words beside the code."""
    words = find_label(system, code, "fr")
    return {"coding": [{"system": system, "code": code} | ({"display": str(words)} if words else {})]}


def status(system: str, code: str) -> Body:
    return {"coding": [{"system": f"{HL7}/{system}", "code": code}]}


def quantity(value: float, unit: str) -> Body:
    return {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}


def _quantity(dose: str) -> Body:
    number, _space, unit = dose.partition(" ")
    value = float(number.replace(",", "."))
    return {"value": int(value) if value.is_integer() else value, "unit": unit}


def _rhythm(text: str) -> Body:
    if text in ("", "prn"):
        return {}
    if text.startswith("q"):
        return {"frequency": 1, "period": int(text[1:-1]), "periodUnit": "h"}
    count, _slash, unit = text.partition("/")
    return {"frequency": int(count), "period": 1, "periodUnit": unit}
