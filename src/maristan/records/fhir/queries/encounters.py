"""Stays and visits: where, why, who is responsible; the running one first."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from maristan.records.fhir.queries.facts import Body, When, author_of, code_of, first_when, label_of, read_when
from maristan.records.fhir.queries.names import establishment_of
from maristan.records.terminology import queries as words
from maristan.records.terminology.queries import Label

RUNNING = ("in-progress", "arrived", "triaged", "onleave")
INPATIENT = ("IMP", "ACUTE", "NONAC", "OBSENC", "EMER")
STATUS = {
    "planned": gettext_lazy("planned"),
    "in-progress": gettext_lazy("running"),
    "arrived": gettext_lazy("arrived"),
    "triaged": gettext_lazy("triaged"),
    "onleave": gettext_lazy("on leave"),
    "finished": gettext_lazy("finished"),
    "cancelled": gettext_lazy("cancelled"),
}


@dataclass(frozen=True)
class Stay:
    """One encounter: its kind, place, bed, reason and times."""

    id: str
    kind: str
    kind_code: str
    type: Label | None
    reason: Label | None
    establishment: str
    service: str
    organization: str
    bed: str
    doctor: str
    start: When | None
    end: When | None
    status: str

    @property
    def place(self) -> str:
        return " · ".join(filter(None, (self.service, self.establishment)))

    @property
    def is_running(self) -> bool:
        return self.status in RUNNING

    @property
    def status_words(self) -> str:
        return str(STATUS.get(self.status, self.status))

    @property
    def day(self) -> int | None:
        """Day of a running stay, the first being 1."""
        return None if self.start is None else (timezone.localdate() - self.start.day).days + 1

    @property
    def nights(self) -> int | None:
        return (self.end.day - self.start.day).days if self.start and self.end else None


def read_stays(bodies: Iterable[Body], names: dict[str, str]) -> list[Stay]:
    """Encounters, running ones first, then the newest."""
    found = [_stay(b, names) for b in bodies if b.get("status") not in ("entered-in-error", "cancelled")]
    return sorted(found, key=lambda s: (s.is_running, s.start.at.timestamp() if s.start else 0), reverse=True)


def running_stay(stays: list[Stay]) -> Stay | None:
    """The stay a person is in now, a bed before a consultation; None outside of one."""
    running = [s for s in stays if s.is_running]
    return next((s for s in running if s.kind_code in INPATIENT), running[0] if running else None)


def by_establishment(stays: Iterable[Stay]) -> list[tuple[str, list[Stay]]]:
    """Stays under the name of their place, the place of the newest first."""
    groups: dict[str, list[Stay]] = {}
    for stay in stays:
        groups.setdefault(stay.establishment or _("place not recorded"), []).append(stay)
    return list(groups.items())


def _stay(body: Body, names: dict[str, str]) -> Stay:
    kind_code = body.get("class", {}).get("code", "")
    kind = words.find_label(words.ENCOUNTER_CLASS, kind_code)
    period = body.get("period", {})
    provider = body.get("serviceProvider", {})
    organization = provider.get("reference", "")
    location = next((loc for loc in reversed(body.get("location", ())) if loc.get("status", "active") == "active"), {})
    return Stay(
        id=body.get("id", ""),
        kind=str(kind) if kind else body.get("class", {}).get("display", kind_code),
        kind_code=kind_code,
        type=label_of(body, "type") if body.get("type") else None,
        reason=label_of(body, "reasonCode") if body.get("reasonCode") else None,
        establishment=names.get(establishment_of(organization)) or provider.get("display", ""),
        service=names.get(organization, "") if "." in organization else "",
        organization=organization,
        bed=location.get("location", {}).get("display", ""),
        doctor=_doctor(body, names),
        start=first_when(body, "period"),
        end=read_when(period.get("end")),
        status=body.get("status", ""),
    )


def _doctor(body: Body, names: dict[str, str]) -> str:
    """The attending or primary performer, else whoever took part."""
    parts = body.get("participant", [])
    leading = [p for p in parts if any(code_of(t) in ("ATND", "PPRF") for t in p.get("type", ()))]
    return next((author_of({"a": p["individual"]}, names, "a") for p in (*leading, *parts) if "individual" in p), "")
