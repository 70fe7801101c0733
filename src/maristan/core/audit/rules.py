"""Who may read the access register, and take it out."""

from maristan.core.ui.rules import permits

can_view = permits("audit.view")
can_export = permits("audit.export")
