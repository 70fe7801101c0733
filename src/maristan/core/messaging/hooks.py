"""What messaging shows outside."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from maristan.core.accounts.enums import DEFAULT_ROLES
from maristan.core.audit.services import register_action
from maristan.core.messaging import queries
from maristan.core.messaging.services import MessageKind, register_kind
from maristan.core.ui import registries

registries.register_permissions(
    [
        ("messaging.view", _("See the journal of messages"), ("admin", "directorate")),
        ("messaging.steer", _("Send a message again"), ("admin",)),
        (
            "messaging.contact",
            _("Protect a person from unsafe contacts"),
            ("nurse", "midwife", "physician", "reception", "callagent", "dpo"),
        ),
        (
            "messaging.notices",
            _("Receive notices on screen"),
            tuple(role for role in DEFAULT_ROLES if role != "citizen"),
        ),
    ]
)
for code, label in (
    ("messaging.journal", _("Journal of messages read")),
    ("messaging.contacts", _("Contacts of a person read")),
    ("messaging.forbid", _("Contact declared unsafe")),
    ("messaging.allow", _("Contact allowed again")),
    ("messaging.send_again", _("Message sent again")),
):
    register_action(code, label)


def _unread(request: HttpRequest) -> tuple[int, str] | None:
    count = queries.count_unread(request.user)
    if not count:
        return None
    return count, ngettext("notice not read", "notices not read", count)


registries.tiles.register(
    registries.Tile("notices", _("Notices"), "messaging:notices", "bell", "messaging.notices", _unread, order=10)
)
registries.menu.register(
    registries.MenuEntry("messages", _("Messages"), "messaging:journal", "mail", "messaging.view", order=90)
)
register_kind(
    MessageKind(
        code="messaging.test",
        label=_("Test of the gateway"),
        subject=_("Maristan: test"),
        sms=_("Maristan: this message proves that the gateway works."),
        email=_("This message proves that the gateway works."),
    )
)
if settings.DEMO:
    registries.menu.register(
        registries.MenuEntry("drawer", _("Would have left"), "messaging:drawer", "send", "messaging.view", order=91)
    )
