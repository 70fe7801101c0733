"""Who may open the pages of a record. Whether this record opens to this person is decided by `access`."""

from maristan.core.ui.rules import permits

can_read = permits("record.read")
can_print = permits("record.print") & can_read
