"""What changes the territory: one function a verb, `by` whom, in one transaction, with its audit line."""

from maristan.core.territory.services.divisions import load_divisions
from maristan.core.territory.services.loading import check_files, load_files, load_wilaya
from maristan.core.territory.services.problems import LoadRefused, Problem

__all__ = ["LoadRefused", "Problem", "check_files", "load_divisions", "load_files", "load_wilaya"]
