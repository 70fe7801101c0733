"""Who may read whose record. Start with `decide_access`; the other verbs change what it answers."""

from maristan.records.access.services.break_glass import (
    break_glass,
    close_expired,
    duration,
    end_break_glass,
    needs_code,
)
from maristan.records.access.services.decisions import (
    AccessRefused,
    Decision,
    Relation,
    decide_access,
    may_know,
    register_relation_provider,
    register_responsible_provider,
    require_access,
    responsible_for,
)
from maristan.records.access.services.questions import answer_question, ask_question
from maristan.records.access.services.relations import (
    answer_request,
    ask_relation,
    close_relation,
    may_close,
    open_relation,
)
from maristan.records.access.services.reviews import explain_access, give_verdict

__all__ = [
    "AccessRefused",
    "Decision",
    "Relation",
    "answer_question",
    "answer_request",
    "ask_question",
    "ask_relation",
    "break_glass",
    "close_expired",
    "close_relation",
    "decide_access",
    "duration",
    "end_break_glass",
    "explain_access",
    "give_verdict",
    "may_close",
    "may_know",
    "needs_code",
    "open_relation",
    "register_relation_provider",
    "register_responsible_provider",
    "require_access",
    "responsible_for",
]
