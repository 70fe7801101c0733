"""An opened chart: access is decided and written down, the page now reads as it needs."""

from collections.abc import Iterable
from typing import Any

from maristan.records.access.services import Decision
from maristan.records.fhir.fhir import Body
from maristan.records.fhir.models import Resource
from maristan.records.fhir.queries.selection import LabelSets, Selection, count_types, newest_first, select
from maristan.records.fhir.services.bodies import read_fast
from maristan.records.patients.models import Person


class Chart:
    """What one reader may see of one person. Made by `Store.open_chart` only, for one request.

    Bodies are for the screen: decimals are floats (`Store.read` keeps them as written), meta has no version.
    """

    def __init__(self, person: Person, decision: Decision, hidden: LabelSets) -> None:
        self.person, self.decision, self._hidden = person, decision, hidden

    def resources(self, type_: str | Iterable[str], *, limit: int | None = None, **criteria: Any) -> list[Body]:
        """Bodies of a type (or several), newest first; criteria as in `queries.selection.Selection`. One query."""
        rows = self.rows(type_, **criteria).values_list("current__body", flat=True)
        return [read_fast(text) for text in (rows[:limit] if limit is not None else rows)]

    def rows(self, type_: str | Iterable[str], **criteria: Any) -> Any:
        """The same as a queryset of `Resource`, newest first: native columns without the bodies."""
        return newest_first(select(Selection(type=type_, person_id=self.person.pk, **criteria), self._hidden))

    def named(self, type_: str, ids: Iterable[str]) -> dict[str, Body]:
        """Facts about nobody that bodies point to (Organization, Practitioner, Medication…), by id. One query."""
        found = Resource.objects.filter(type=type_, fhir_id__in=set(ids), person=None, deleted=False, labels=[])
        return {id_: read_fast(text) for id_, text in found.values_list("fhir_id", "current__body")}

    def counts(self) -> dict[str, int]:
        """How many resources of each type the chart holds. One query."""
        return count_types(self.person.pk, self._hidden)
