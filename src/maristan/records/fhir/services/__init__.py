"""The record's one door and what stands behind it. Start with `Store`."""

from maristan.records.fhir.services.chart import Chart
from maristan.records.fhir.services.outcomes import Conflict, Gone, Invalid, NotFound, Problem
from maristan.records.fhir.services.passage import COMMAND
from maristan.records.fhir.services.store import Store

__all__ = ["COMMAND", "Chart", "Conflict", "Gone", "Invalid", "NotFound", "Problem", "Store"]
