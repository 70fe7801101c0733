"""What changes the territory: one function a verb, `by` whom, in one transaction, with its audit line."""

from maristan.core.territory.services.divisions import load_divisions
from maristan.core.territory.services.loading import check_files, load_files, load_wilaya
from maristan.core.territory.services.places import place_of, save_establishment, save_part
from maristan.core.territory.services.problems import LoadRefused, Problem
from maristan.core.territory.services.uploads import confirm_upload, keep_upload

__all__ = [
    "LoadRefused",
    "Problem",
    "check_files",
    "confirm_upload",
    "keep_upload",
    "load_divisions",
    "load_files",
    "load_wilaya",
    "place_of",
    "save_establishment",
    "save_part",
]
