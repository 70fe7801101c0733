"""Who may open the pages of messaging."""

import uuid

from maristan.core.accounts.enums import DEFAULT_ROLES
from maristan.core.messaging.models import ContactRule, Message
from maristan.core.ui import clock
from tests.permission_table import Row
from tests.records.patients.factories import PersonFactory

WATCHERS = {"admin": 200, "directorate": 200}
DESKS = ("reception", "callagent", "dpo")  # who reads records needs a care relation here too


def build(world) -> None:
    world.message = Message.objects.create(
        kind="messaging.test",
        fact="permissions",
        channel="sms",
        address="+213550000001",
        language="fr",
        body="b",
        state="failed",
    )
    world.notice = Message.objects.create(
        kind="k",
        fact="permissions",
        channel="in_app",
        recipient=world.users["nurse"],
        language="fr",
        body="b",
        state="delivered",
        sent_at=clock.now(),
    )
    world.somebody = PersonFactory()
    world.rule = ContactRule.objects.create(
        patient_id=world.somebody.pk, reason="violence", made_by=world.users["physician"]
    )


ROWS = [
    Row("messaging:notices", roles=dict.fromkeys(DEFAULT_ROLES, 200)),
    Row("messaging:read_notices", roles=dict.fromkeys(DEFAULT_ROLES, 302), method="post"),
    Row(
        "messaging:open_notice",
        roles={"nurse": 302},
        others=404,
        method="post",
        kwargs=lambda world: {"pk": world.notice.pk},
    ),
    Row("messaging:journal", roles=WATCHERS),
    Row("messaging:kinds", roles=WATCHERS),
    Row("messaging:drawer", roles=dict.fromkeys(WATCHERS, 404)),
    Row("messaging:send_again", roles={"admin": 302}, method="post", kwargs=lambda world: {"pk": world.message.pk}),
    Row(
        "messaging:contacts",
        roles=dict.fromkeys(DESKS, 200),
        kwargs=lambda world: {"patient_id": world.somebody.pk},
        absent_kwargs=lambda world: {"patient_id": uuid.uuid4()},
    ),
    Row("messaging:allow", roles=dict.fromkeys(DESKS, 302), method="post", kwargs=lambda world: {"pk": world.rule.pk}),
    Row("messaging:inbound", others=403, anonymous=403, method="post"),
]
