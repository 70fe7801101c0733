"""The places of a territory: divisions of the state, establishments, their sites, services, units and rooms."""

from maristan.core.territory.models.contacts import Contact, OpeningHours
from maristan.core.territory.models.divisions import Division, Outline
from maristan.core.territory.models.establishments import Establishment, Group
from maristan.core.territory.models.loadings import Loading
from maristan.core.territory.models.services import Room, Service, Site, Unit

__all__ = [
    "Contact",
    "Division",
    "Establishment",
    "Group",
    "Loading",
    "OpeningHours",
    "Outline",
    "Room",
    "Service",
    "Site",
    "Unit",
]
