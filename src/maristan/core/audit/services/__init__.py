"""Writing audit lines, sealing them, proving them. Start with `record_event`."""

from maristan.core.audit.services.journal import register_names, register_person_search, register_places
from maristan.core.audit.services.labels import register_action
from maristan.core.audit.services.lines import Interaction, open_interaction, record_event
from maristan.core.audit.services.sealing import run_sealer, seal_block
from maristan.core.audit.services.verification import Fault, find_faults

__all__ = [
    "Fault",
    "Interaction",
    "find_faults",
    "open_interaction",
    "record_event",
    "register_action",
    "register_names",
    "register_person_search",
    "register_places",
    "run_sealer",
    "seal_block",
]
