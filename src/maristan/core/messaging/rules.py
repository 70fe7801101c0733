"""Who may see and steer messages."""

from maristan.core.ui.rules import permits

can_see_messages = permits("messaging.view")
can_steer_messages = permits("messaging.steer")
can_protect_contacts = permits("messaging.contact")
