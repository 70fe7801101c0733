"""What this area shows outside: permissions, menu, tiles, search."""

from django.utils.translation import gettext_lazy as _

from maristan.core.ui.registries import register_permissions

CLINICAL = ("nurse", "midwife", "physician", "pharmacist")
register_permissions(
    [
        ("record.read", _("read the records of the people one cares for"), (*CLINICAL, "laboratory")),
        ("access.break_glass", _("open a record in an emergency, without a care relation"), CLINICAL),
        (
            "access.relate",
            _("say that one's service takes care of a person"),
            ("nurse", "midwife", "physician", "reception"),
        ),
        ("access.review", _("judge accesses made in an emergency to one's own patients"), ("dpo", "physician")),
        ("access.oversee", _("judge every access made in an emergency, and answer citizens"), ("dpo",)),
        ("access.own", _("see one's own record and who looked at it"), ("citizen",)),
        ("access.sensitive", _("know of restricted records (psychiatry, HIV, violence)"), ("physician", "midwife")),
        ("access.very_sensitive", _("know of very restricted records"), ()),
    ]
)
