"""Facts of the territory are public to all staff; changing them belongs to those answerable for the place."""

from maristan.core.ui.rules import permits

can_view = permits("territory.view")
can_edit = permits("territory.edit")
