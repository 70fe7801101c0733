"""Who may do what with accesses. Why a record opens is not here: `services.decide_access`."""

from typing import Any

import rules

from maristan.core.ui.rules import permits

can_break_glass = permits("access.break_glass")
can_relate = permits("access.relate")
can_review = permits("access.review")
can_oversee = permits("access.oversee")
can_see_own = permits("access.own")
can_read_records = permits("record.read")
can_see_accesses = permits("access.review") | permits("access.own")


@rules.predicate
def opened_it(user: Any, access: Any = None) -> bool:
    """The one who broke the glass, or asked."""
    return access is not None and access.user_id == user.pk


@rules.predicate
def was_told(user: Any, access: Any = None) -> bool:
    """A physician who was responsible for the patient when the glass was broken, or the record asked for."""
    return access is not None and any(told.pk == user.pk for told in access.told.all())


@rules.predicate
def oversees(user: Any, access: Any = None) -> bool:
    """The data protection officer of the place where it happened."""
    return access is not None and user.may("access.oversee", access.establishment)


@rules.predicate
def reviews(user: Any, access: Any = None) -> bool:
    """Holds the right to judge at all, wherever it happened."""
    return user.may("access.review")


can_judge = reviews & ~opened_it & (oversees | was_told)
