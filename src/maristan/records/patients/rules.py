"""Who may do what with identities."""

from maristan.core.ui.rules import permits

can_search = permits("patients.search")
"""Identity is territory-wide for clinical roles: nobody is registered twice because they live elsewhere."""

can_register = permits("patients.register")
can_read_record = permits("record.read")
